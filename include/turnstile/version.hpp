/// @file
/// The library's version: semantic, of the interface and of the byte format alike.
#pragma once

#define TURNSTILE_VERSION_MAJOR 0
#define TURNSTILE_VERSION_MINOR 1
#define TURNSTILE_VERSION_PATCH 0
