package org.jamessts.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.james.blob.api.BlobId;
import org.apache.james.blob.api.BlobStoreDAO;
import org.apache.james.blob.api.BucketName;
import org.apache.james.blob.api.ObjectNotFoundException;
import org.apache.james.blob.api.ObjectStoreIOException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * James's blobs as files: a directory for a bucket, a file for a blob. What is kept outlives the
 * process, if not a power cut.
 */
final class FileBlobs implements BlobStoreDAO {

  private final Path root;
  private final BlobId.Factory ids;

  FileBlobs(Path root, BlobId.Factory ids) {
    this.root = root;
    this.ids = ids;
  }

  private Path directory(BucketName bucket) {
    return root.resolve(URLEncoder.encode(bucket.asString(), UTF_8));
  }

  private Path file(BucketName bucket, BlobId id) {
    return directory(bucket).resolve(URLEncoder.encode(id.asString(), UTF_8));
  }

  private static <T> Mono<T> blocking(Callable<T> work) {
    return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public InputStream read(BucketName bucket, BlobId id) {
    try {
      return Files.newInputStream(file(bucket, id));
    } catch (NoSuchFileException e) {
      throw new ObjectNotFoundException("there is no " + e.getFile(), e);
    } catch (IOException e) {
      throw new ObjectStoreIOException("a blob cannot be read", e);
    }
  }

  @Override
  public Publisher<InputStream> readReactive(BucketName bucket, BlobId id) {
    return blocking(() -> read(bucket, id));
  }

  @Override
  public Publisher<byte[]> readBytes(BucketName bucket, BlobId id) {
    return blocking(
        () -> {
          try (InputStream in = read(bucket, id)) {
            return in.readAllBytes();
          }
        });
  }

  @Override
  public Publisher<Void> save(BucketName bucket, BlobId id, byte[] octets) {
    return save(bucket, id, ByteSource.wrap(octets));
  }

  @Override
  public Publisher<Void> save(BucketName bucket, BlobId id, InputStream octets) {
    return blocking(() -> write(bucket, id, octets)).then();
  }

  @Override
  public Publisher<Void> save(BucketName bucket, BlobId id, ByteSource octets) {
    return blocking(
            () -> {
              try (InputStream in = octets.openStream()) {
                return write(bucket, id, in);
              }
            })
        .then();
  }

  /** All of it or nothing. */
  private Path write(BucketName bucket, BlobId id, InputStream octets) throws IOException {
    Files.createDirectories(directory(bucket));
    Path part = Files.createTempFile(root, "part", "");
    Files.copy(octets, part, StandardCopyOption.REPLACE_EXISTING);
    return Files.move(part, file(bucket, id), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Publisher<Void> delete(BucketName bucket, BlobId id) {
    return delete(bucket, List.of(id));
  }

  @Override
  public Publisher<Void> delete(BucketName bucket, Collection<BlobId> blobs) {
    return Flux.fromIterable(blobs)
        .concatMap(id -> blocking(() -> Files.deleteIfExists(file(bucket, id))))
        .then();
  }

  @Override
  public Publisher<Void> deleteBucket(BucketName bucket) {
    return Flux.from(listBlobs(bucket))
        .concatMap(id -> delete(bucket, id))
        .then(blocking(() -> Files.deleteIfExists(directory(bucket))))
        .then();
  }

  @Override
  public Publisher<BucketName> listBuckets() {
    return names(root, Files::isDirectory).map(BucketName::of);
  }

  @Override
  public Publisher<BlobId> listBlobs(BucketName bucket) {
    return names(directory(bucket), Files::isRegularFile).map(ids::from);
  }

  private static Flux<String> names(Path directory, Predicate<Path> wanted) {
    return blocking(
            () -> {
              try (Stream<Path> files = Files.list(directory)) {
                return files
                    .filter(wanted)
                    .map(file -> URLDecoder.decode(file.getFileName().toString(), UTF_8))
                    .toList();
              } catch (NoSuchFileException e) {
                return List.<String>of();
              }
            })
        .flatMapMany(Flux::fromIterable);
  }
}
