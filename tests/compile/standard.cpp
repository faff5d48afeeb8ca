// The standard that the build asked for is the one that the compiler uses: a flag that never
// arrives, or that a later one overrides, shows here.

#include <cstdio>

int main() {
  std::printf("__cplusplus = %ld\n", static_cast<long>(__cplusplus));
  return __cplusplus >= 202002L ? 0 : 1;
}
