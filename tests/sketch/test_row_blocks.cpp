#include <turnstile/sketch/row_blocks.hpp>

#include <tuple>

#include "support/catch.hpp"

using namespace turnstile;
using detail::RowMajorMatrix;

namespace {

template <class Scalar>
using ColumnMajorMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

// Of the type To, of a matrix that is all of a larger one, or a part of its rows and columns.
template <class To, class Matrix>
RowMajorMatrix<To> put_together(const Matrix& matrix) {
  const detail::MatrixRef<Matrix> values(matrix);
  RowMajorMatrix<To> whole(values.rows(), values.cols());
  Index next = 0;
  detail::for_each_row_block<To>(values, [&](Index first, const detail::RowBlock<To>& rows) {
    CHECK(first == next);
    whole.middleRows(first, rows.rows()) = rows;
    next += rows.rows();
  });
  CHECK(next == values.rows());
  return whole;
}

using Layouts = std::tuple<RowMajorMatrix<double>, RowMajorMatrix<float>, ColumnMajorMatrix<double>,
                           ColumnMajorMatrix<float>, RowMajorMatrix<int>, ColumnMajorMatrix<int>>;

}  // namespace

// Sizes below, at and beside multiples of what a register holds, and of what a block has.
TEMPLATE_LIST_TEST_CASE("blocks of rows put together are the matrix, however it lies", "[sketch]", Layouts) {
  for (Index rows : {0, 1, 7, 16, 255, 256, 529})
    for (Index columns : {1, 3, 8, 16, 29, 67, 2000}) {
      const TestType a = TestType::NullaryExpr(
          rows, columns, [&](Index i, Index j) { return static_cast<typename TestType::Scalar>(i * columns + j); });
      INFO(rows << " x " << columns);
      const auto as = [&](auto zero) { return a.template cast<decltype(zero)>().eval(); };
      CHECK(put_together<double>(a) == as(0.0));
      CHECK(put_together<float>(a) == as(0.0F));
      if (rows > 2 && columns > 2) {
        const auto part = a.block(1, 1, rows - 2, columns - 2);
        RowMajorMatrix<double> together(rows - 2, columns - 2);
        detail::for_each_row_block<double>(part, [&](Index first, const detail::RowBlock<double>& block) {
          together.middleRows(first, block.rows()) = block;
        });
        CHECK(together == part.template cast<double>());
      }
    }
}

TEST_CASE("a matrix that lies row by row is not copied", "[sketch]") {
  const RowMajorMatrix<double> a = RowMajorMatrix<double>::Ones(600, 64);
  detail::for_each_row_block<double>(
      a, [&](Index first, const detail::RowBlock<double>& rows) { CHECK(rows.data() == &a(first, 0)); });
}
