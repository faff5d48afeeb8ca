/// @file
/// What can go wrong, one type each. An operation that throws has changed nothing.
#pragma once

#include <stdexcept>
#include <string>

namespace turnstile::inline v0 {

/// Base of every exception that the library throws itself.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A parameter out of its range, an index out of bounds, a value that is not finite.
class InvalidArgument : public Error {
 public:
  using Error::Error;
};

/// Two states that do not belong to the same linear map, and so cannot be added.
class IncompatibleSketch : public Error {
 public:
  using Error::Error;
};

/// Bytes that are not a state of the type asked for, or are damaged.
class CorruptState : public Error {
 public:
  using Error::Error;
};

/// A draw was read although the sampler returned none.
class BadDraw : public Error {
 public:
  using Error::Error;
};

/// An exact integer counter would have left its range.
class CounterOverflow : public InvalidArgument {
 public:
  using InvalidArgument::InvalidArgument;
};

}  // namespace turnstile::inline v0
