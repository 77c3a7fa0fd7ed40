using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>Loops with two results, which read their operands once.</summary>
public static partial class Loop
{
    /// <summary>
    /// y[r, i] and z[r, i] = map(a, b), each at [r, i], for every row r and i below size. Shapes: y and z [rows, size], whose rows may be
    /// far apart; either may be an operand's very data, and they must not overlap.
    /// </summary>
    /// <exception cref="ArgumentException">y, z or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, Destination z, int rows, int size, Operand a, Operand b)
        where F : struct, IPair2
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        Run(new Pairs2<F>(map, a, b), y, z, rows, size);
    }

    /// <inheritdoc cref="Map{F}(F, Destination, Destination, int, int, Operand, Operand)"/>
    public static void Map<F>(F map, Destination y, Destination z, int rows, int size, Operand a, Operand b, Operand c)
        where F : struct, IPair3
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        Run(new Pairs3<F>(map, a, b, c), y, z, rows, size);
    }

    /// <inheritdoc cref="Map{F}(F, Destination, Destination, int, int, Operand, Operand)"/>
    public static void Map<F>(F map, Destination y, Destination z, int rows, int size, Operand a, Operand b, Operand c, Operand d)
        where F : struct, IPair4
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        Run(new Pairs4<F>(map, a, b, c, d), y, z, rows, size);
    }

    /// <inheritdoc cref="Map{F}(F, Destination, Destination, int, int, Operand, Operand)"/>
    public static void Map<F>(F map, Destination y, Destination z, int rows, int size, Operand a, Operand b, Operand c, Operand d,
        Operand e)
        where F : struct, IPair5
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        e.Require(rows, size, nameof(e));
        Run(new Pairs5<F>(map, a, b, c, d, e), y, z, rows, size);
    }

    /// <inheritdoc cref="Map{F}(F, Destination, Destination, int, int, Operand, Operand)"/>
    public static void Map<F>(F map, Destination y, Destination z, int rows, int size, Operand a, Operand b, Operand c, Operand d,
        Operand e, Operand f)
        where F : struct, IPair6
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        e.Require(rows, size, nameof(e));
        f.Require(rows, size, nameof(f));
        Run(new Pairs6<F>(map, a, b, c, d, e, f), y, z, rows, size);
    }

    private static void Run<R>(R operands, Destination y, Destination z, int rows, int size) where R : struct, IPairRows, allows ref struct
    {
        var (row, next) = (y.Require(rows, size, nameof(y)), z.Require(rows, size, nameof(z)));
        if (rows == 1 || row == size && next == size && operands.Flat(size))
            (rows, size) = (1, rows * size);
        ref var first = ref MemoryMarshal.GetReference(y.Data);
        ref var second = ref MemoryMarshal.GetReference(z.Data);
        if (Vector512.IsHardwareAccelerated)
            Run<Vector512<float>, Vector512Math, R>(operands, ref first, row, ref second, next, rows, size);
        else if (Vector256.IsHardwareAccelerated)
            Run<Vector256<float>, Vector256Math, R>(operands, ref first, row, ref second, next, rows, size);
        else
            Run<Vector128<float>, Vector128Math, R>(operands, ref first, row, ref second, next, rows, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V, M, R>(R operands, ref float y, int row, ref float z, int next, int rows, int size)
        where M : struct, ILanes<V>
        where R : struct, IPairRows, allows ref struct
    {
        if (size % M.Count != 0)
        {
            Ragged<V, M, R>(operands, ref y, row, ref z, next, rows, (nuint)size);
            return;
        }
        for (var r = 0; r < rows; r++)
        {
            for (nuint i = 0; i < (nuint)size; i += (nuint)M.Count)
            {
                operands.At<V, M, Whole>(default, i, out var first, out var second);
                M.Store(first, ref y, i);
                M.Store(second, ref z, i);
            }
            y = ref Unsafe.Add(ref y, row);
            z = ref Unsafe.Add(ref z, next);
            operands.Next();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ragged<V, M, R>(R operands, ref float y, int row, ref float z, int next, int rows, nuint size)
        where M : struct, ILanes<V>
        where R : struct, IPairRows, allows ref struct
    {
        for (var r = 0; r < rows; r++)
        {
            Row<V, M, R>(operands, ref y, ref z, size);
            y = ref Unsafe.Add(ref y, row);
            z = ref Unsafe.Add(ref z, next);
            operands.Next();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V, M, R>(R operands, ref float y, ref float z, nuint size)
        where M : struct, ILanes<V>
        where R : struct, IPairRows, allows ref struct
    {
        var count = (nuint)M.Count;
        if (size < count)
        {
            if (size == 0)
                return;
            operands.At<V, M, Part>(new Part((int)size), 0, out var part, out var other);
            Part.Store<V, M>(part, ref y, (int)size);
            Part.Store<V, M>(other, ref z, (int)size);
            return;
        }
        // The last vector overlaps the one before. It is computed first, since y or z may be an operand, and written last.
        operands.At<V, M, Whole>(default, size - count, out var last, out var lastOther);
        for (nuint i = 0; i + count <= size; i += count)
        {
            operands.At<V, M, Whole>(default, i, out var first, out var second);
            M.Store(first, ref y, i);
            M.Store(second, ref z, i);
        }
        M.Store(last, ref y, size - count);
        M.Store(lastOther, ref z, size - count);
    }

    /// <summary>A map with two results over its operands, standing on one row of each.</summary>
    private interface IPairRows
    {
        /// <summary>Whether all rows may be run as one long row.</summary>
        bool Flat(int size);

        /// <summary>Moves on to the next row.</summary>
        void Next();

        /// <summary>The map's results from element i of the row on.</summary>
        void At<V, M, L>(L load, nuint i, out V first, out V second) where M : struct, ILanes<V> where L : struct, ILoad;
    }

    private ref struct Pairs2<F>(F map, Operand a, Operand b) : IPairRows where F : struct, IPair2
    {
        private Stream a = new(a);
        private Stream b = new(b);

        public readonly bool Flat(int size) => a.Flat(size) && b.Flat(size);

        public void Next()
        {
            a.Next();
            b.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<V, M, L>(L load, nuint i, out V first, out V second) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), out first, out second);
    }

    private ref struct Pairs3<F>(F map, Operand a, Operand b, Operand c) : IPairRows where F : struct, IPair3
    {
        private Stream a = new(a);
        private Stream b = new(b);
        private Stream c = new(c);

        public readonly bool Flat(int size) => a.Flat(size) && b.Flat(size) && c.Flat(size);

        public void Next()
        {
            a.Next();
            b.Next();
            c.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<V, M, L>(L load, nuint i, out V first, out V second) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), out first, out second);
    }

    private ref struct Pairs4<F>(F map, Operand a, Operand b, Operand c, Operand d) : IPairRows where F : struct, IPair4
    {
        private Stream a = new(a);
        private Stream b = new(b);
        private Stream c = new(c);
        private Stream d = new(d);

        public readonly bool Flat(int size) => a.Flat(size) && b.Flat(size) && c.Flat(size) && d.Flat(size);

        public void Next()
        {
            a.Next();
            b.Next();
            c.Next();
            d.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<V, M, L>(L load, nuint i, out V first, out V second) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i),
                out first, out second);
    }

    private ref struct Pairs5<F>(F map, Operand a, Operand b, Operand c, Operand d, Operand e) : IPairRows where F : struct, IPair5
    {
        private Stream a = new(a);
        private Stream b = new(b);
        private Stream c = new(c);
        private Stream d = new(d);
        private Stream e = new(e);

        public readonly bool Flat(int size) => a.Flat(size) && b.Flat(size) && c.Flat(size) && d.Flat(size) && e.Flat(size);

        public void Next()
        {
            a.Next();
            b.Next();
            c.Next();
            d.Next();
            e.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<V, M, L>(L load, nuint i, out V first, out V second) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i),
                e.At<V, M, L>(load, i), out first, out second);
    }

    private ref struct Pairs6<F>(F map, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f) : IPairRows
        where F : struct, IPair6
    {
        private Stream a = new(a);
        private Stream b = new(b);
        private Stream c = new(c);
        private Stream d = new(d);
        private Stream e = new(e);
        private Stream f = new(f);

        public readonly bool Flat(int size) => a.Flat(size) && b.Flat(size) && c.Flat(size) && d.Flat(size) && e.Flat(size) && f.Flat(size);

        public void Next()
        {
            a.Next();
            b.Next();
            c.Next();
            d.Next();
            e.Next();
            f.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void At<V, M, L>(L load, nuint i, out V first, out V second) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i),
                e.At<V, M, L>(load, i), f.At<V, M, L>(load, i), out first, out second);
    }
}
