package org.jamessts.guard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** For the architecture tests of every module. */
public final class GuardRules {

  /** No class says which guards stand but {@link Guards} itself, whose constant says: all. */
  public static final ArchRule ALL_GUARDS_STAND =
      classes()
          .that()
          .doNotHaveFullyQualifiedName(Guards.class.getName())
          .should(
              new ArchCondition<>("not say which guards stand") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  if (item.isAssignableTo(Guards.class) || makesLambda(item)) {
                    events.add(
                        SimpleConditionEvent.violated(
                            item, item.getName() + " says which guards stand"));
                  }
                }
              });

  private GuardRules() {}

  /** ArchUnit does not tell of which type a lambda or a method reference is. */
  private static boolean makesLambda(JavaClass item) {
    AtomicBoolean found = new AtomicBoolean();
    try (InputStream octets = item.getSource().orElseThrow().getUri().toURL().openStream()) {
      new ClassReader(octets).accept(new Finder(found), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.get();
  }

  private static final class Finder extends ClassVisitor {
    private final AtomicBoolean found;

    Finder(AtomicBoolean found) {
      super(Opcodes.ASM9);
      this.found = found;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitInvokeDynamicInsn(
            String made, String type, Handle bootstrap, Object... arguments) {
          if (Type.getReturnType(type).getClassName().equals(Guards.class.getName())) {
            found.set(true);
          }
        }
      };
    }
  }
}
