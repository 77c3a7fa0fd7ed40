namespace Whence;

/// <summary>Symmetric positive definite equations, by Cholesky's factors.</summary>
internal static class LeastSquares
{
    /// <summary>Replaces the lower half of a matrix [n, n] by its factor; false if the matrix is singular up to rounding.</summary>
    public static bool Factor(Span<double> matrix, int n)
    {
        for (var row = 0; row < n; row++)
        {
            var largest = matrix[row * n + row];
            for (var column = 0; column <= row; column++)
            {
                var sum = matrix[row * n + column];
                for (var k = 0; k < column; k++)
                    sum -= matrix[row * n + k] * matrix[column * n + k];
                if (column < row)
                    matrix[row * n + column] = sum / matrix[column * n + column];
                else if (sum > 1e-12 * largest)
                    matrix[row * n + row] = Math.Sqrt(sum);
                else
                    return false;
            }
        }
        return true;
    }

    /// <summary>Replaces the right side by the solution.</summary>
    public static void Solve(ReadOnlySpan<double> factor, Span<double> right)
    {
        var n = right.Length;
        for (var row = 0; row < n; row++)
        {
            for (var k = 0; k < row; k++)
                right[row] -= factor[row * n + k] * right[k];
            right[row] /= factor[row * n + row];
        }
        for (var row = n - 1; row >= 0; row--)
        {
            for (var k = row + 1; k < n; k++)
                right[row] -= factor[k * n + row] * right[k];
            right[row] /= factor[row * n + row];
        }
    }
}
