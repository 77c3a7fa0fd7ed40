using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>
/// Elementwise loops at the widest vector of the machine. A row's rest runs in a vector of the same width, so an element's bits
/// depend neither on its place nor on the rows beside it.
/// </summary>
public static partial class Loop
{
    /// <summary>
    /// y[r, i] = map(a[r, i]) for every row r and i below size. Shapes: y [rows, size], whose rows may be far apart; y may be an
    /// operand's very data.
    /// </summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a) where F : struct, IMap1
    {
        a.Require(rows, size, nameof(a));
        Run(new Rows1<F>(map, a), y, rows, size);
    }

    /// <summary>y[r, i] = map(a, b), each at [r, i]. Shapes and errors as for one operand.</summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a, Operand b) where F : struct, IMap2
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        Run(new Rows2<F>(map, a, b), y, rows, size);
    }

    /// <summary>y[r, i] = map(a, b, c), each at [r, i]. Shapes and errors as for one operand.</summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a, Operand b, Operand c) where F : struct, IMap3
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        Run(new Rows3<F>(map, a, b, c), y, rows, size);
    }

    /// <summary>y[r, i] = map(a, b, c, d), each at [r, i]. Shapes and errors as for one operand.</summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a, Operand b, Operand c, Operand d) where F : struct, IMap4
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        Run(new Rows4<F>(map, a, b, c, d), y, rows, size);
    }

    /// <summary>y[r, i] = map(a, b, c, d, e), each at [r, i]. Shapes and errors as for one operand.</summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e)
        where F : struct, IMap5
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        e.Require(rows, size, nameof(e));
        Run(new Rows5<F>(map, a, b, c, d, e), y, rows, size);
    }

    /// <summary>y[r, i] = map(a, b, c, d, e, f), each at [r, i]. Shapes and errors as for one operand.</summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f)
        where F : struct, IMap6
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        e.Require(rows, size, nameof(e));
        f.Require(rows, size, nameof(f));
        Run(new Rows6<F>(map, a, b, c, d, e, f), y, rows, size);
    }

    /// <summary>y[r, i] = map(a, b, c, d, e, f, g), each at [r, i]. Shapes and errors as for one operand.</summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f,
        Operand g)
        where F : struct, IMap7
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        e.Require(rows, size, nameof(e));
        f.Require(rows, size, nameof(f));
        g.Require(rows, size, nameof(g));
        Run(new Rows7<F>(map, a, b, c, d, e, f, g), y, rows, size);
    }

    /// <summary>y[r, i] = map(a, b, c, d, e, f, g, h), each at [r, i]. Shapes and errors as for one operand.</summary>
    /// <exception cref="ArgumentException">y or an operand is too short, or an operand's rows overlap.</exception>
    public static void Map<F>(F map, Destination y, int rows, int size, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f,
        Operand g, Operand h)
        where F : struct, IMap8
    {
        a.Require(rows, size, nameof(a));
        b.Require(rows, size, nameof(b));
        c.Require(rows, size, nameof(c));
        d.Require(rows, size, nameof(d));
        e.Require(rows, size, nameof(e));
        f.Require(rows, size, nameof(f));
        g.Require(rows, size, nameof(g));
        h.Require(rows, size, nameof(h));
        Run(new Rows8<F>(map, a, b, c, d, e, f, g, h), y, rows, size);
    }

    private static void Run<R>(R operands, Destination y, int rows, int size) where R : struct, IRows, allows ref struct
    {
        var row = y.Require(rows, size, nameof(y));
        if (rows == 1 || row == size && operands.Flat(size))
            (rows, size) = (1, rows * size);
        if (Vector512.IsHardwareAccelerated)
            Run<Vector512<float>, Vector512Math, R>(operands, ref MemoryMarshal.GetReference(y.Data), row, rows, size);
        else if (Vector256.IsHardwareAccelerated)
            Run<Vector256<float>, Vector256Math, R>(operands, ref MemoryMarshal.GetReference(y.Data), row, rows, size);
        else
            Run<Vector128<float>, Vector128Math, R>(operands, ref MemoryMarshal.GetReference(y.Data), row, rows, size);
    }

    // Fully compiled at once: the runtime's first, unoptimised code for vectors is a hundred times slower than they are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V, M, R>(R operands, ref float y, int row, int rows, int size)
        where M : struct, ILanes<V>
        where R : struct, IRows, allows ref struct
    {
        if (size % M.Count != 0)
        {
            Ragged<V, M, R>(operands, ref y, row, rows, (nuint)size);
            return;
        }
        for (var r = 0; r < rows; r++)
        {
            for (nuint i = 0; i < (nuint)size; i += (nuint)M.Count)
                M.Store(operands.At<V, M, Whole>(default, i), ref y, i);
            y = ref Unsafe.Add(ref y, row);
            operands.Next();
        }
    }

    // Rows that end within a vector. By itself: what a method takes in has its limits, and here a map stands three times.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ragged<V, M, R>(R operands, ref float y, int row, int rows, nuint size)
        where M : struct, ILanes<V>
        where R : struct, IRows, allows ref struct
    {
        for (var r = 0; r < rows; r++)
        {
            Row<V, M, R>(operands, ref y, size);
            y = ref Unsafe.Add(ref y, row);
            operands.Next();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V, M, R>(R operands, ref float y, nuint size)
        where M : struct, ILanes<V>
        where R : struct, IRows, allows ref struct
    {
        var count = (nuint)M.Count;
        if (size < count)
        {
            if (size > 0)
                Part.Store<V, M>(operands.At<V, M, Part>(new Part((int)size), 0), ref y, (int)size);
            return;
        }
        // The last vector overlaps the one before. It is computed first, since y may be an operand, and written last.
        var last = operands.At<V, M, Whole>(default, size - count);
        for (nuint i = 0; i + count <= size; i += count)
            M.Store(operands.At<V, M, Whole>(default, i), ref y, i);
        M.Store(last, ref y, size - count);
    }
}
