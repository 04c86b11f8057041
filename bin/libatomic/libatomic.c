// All that Node asks of libatomic, for Linux systems that leave it out (bin/bootstrap.js):
//
//   gcc -O2 -mcx16 -fPIC -shared -nostdlib -s -Wl,-soname,libatomic.so.1 -Wl,--version-script=libatomic.map \
//     -Wl,-z,noseparate-code -Wl,--build-id=none -o linux-x64/libatomic.so.1 libatomic.c
//
// Every order of memory is taken as the strongest. What has no size of the processor's own is guarded by one lock.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static char lock;

static bool same(const char *one, const char *other, size_t size) {
  for (size_t at = 0; at < size; at++)
    if (((volatile const char *)one)[at] != ((volatile const char *)other)[at]) return false;
  return true;
}

static void copy(char *to, const char *from, size_t size) {
  for (size_t at = 0; at < size; at++) ((volatile char *)to)[at] = from[at];
}

#define EXCHANGE(bytes, type)                                                        \
  case bytes: {                                                                      \
    if ((uintptr_t)object % bytes != 0) break;                                       \
    type was = *(type *)expected;                                                    \
    type found = __sync_val_compare_and_swap((type *)object, was, *(type *)desired); \
    *(type *)expected = found;                                                       \
    return found == was;                                                             \
  }

bool compare_exchange(size_t size, void *object, void *expected, void *desired, int success, int failure)
    __asm__("__atomic_compare_exchange");

bool compare_exchange(size_t size, void *object, void *expected, void *desired, int success, int failure) {
  (void)success;
  (void)failure;
  switch (size) {
    EXCHANGE(1, uint8_t)
    EXCHANGE(2, uint16_t)
    EXCHANGE(4, uint32_t)
    EXCHANGE(8, uint64_t)
    EXCHANGE(16, unsigned __int128)
  }
  while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) __builtin_ia32_pause();
  bool isSame = same(object, expected, size);
  if (isSame) copy(object, desired, size);
  else copy(expected, object, size);
  __atomic_clear(&lock, __ATOMIC_RELEASE);
  return isSame;
}
