package org.jamessts.dns;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Reads from a socket until a deadline, however slowly the peer drips. */
final class TimedInput extends InputStream {
  private final Socket socket;
  private final Deadline deadline;

  TimedInput(Socket socket, Deadline deadline) {
    this.socket = socket;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    socket.setSoTimeout(deadline.timeoutMillis());
    return socket.getInputStream().read(target, offset, length);
  }
}
