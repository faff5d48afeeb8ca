#pragma once

// Catch2 version 3 where it is installed, else version 2 (Debian 12). Tests write `Approx` for
// both.
//
// Assertions do without a try of their own, which spares the compiler a twentieth of its work: an exception ends its
// test case, which fails all the same.
#define CATCH_CONFIG_FAST_COMPILE

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
