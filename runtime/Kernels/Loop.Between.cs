using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Loop
{
    /// <summary>
    /// y[r, i] = then(start[r, i] + alphas[r] move[r, i]): values at places between a start and its end, which is start + move. Shapes: y
    /// [rows, size], alphas [rows].
    /// </summary>
    /// <exception cref="ArgumentException">y, alphas or an operand is too short, or an operand's rows overlap.</exception>
    public static void Between<F>(Operand start, Operand move, ReadOnlySpan<float> alphas, Span<float> y, int rows, int size, F then)
        where F : struct, IElementwise
    {
        start.Require(rows, size, nameof(start));
        move.Require(rows, size, nameof(move));
        Lengths.Require(alphas, rows, 1, nameof(alphas));
        if (rows > 0)
            Run(new RowsBetween<F>(start, move, alphas, then), y, rows, size);
    }

    private ref struct RowsBetween<F>(Operand start, Operand move, ReadOnlySpan<float> alphas, F then) : IRows
        where F : struct, IElementwise
    {
        private Stream start = new(start);
        private Stream move = new(move);
        private ReadOnlySpan<float> alphas = alphas;

        // Each row has a number of its own.
        public readonly bool Flat(int size) => false;

        public void Next()
        {
            start.Next();
            move.Next();
            if (alphas.Length > 1)
                alphas = alphas[1..];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            then.Value<V, M>(M.MultiplyAdd(M.Constant(alphas[0]), move.At<V, M, L>(load, i), start.At<V, M, L>(load, i)));
    }
}
