using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

public static partial class Loop
{
    /// <summary>A map over its operands, standing on one row of each.</summary>
    private interface IRows
    {
        /// <summary>Whether all rows may be run as one long row.</summary>
        bool Flat(int size);

        /// <summary>Moves on to the next row.</summary>
        void Next();

        /// <summary>The map's result from element i of the row on.</summary>
        V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad;
    }

    /// <summary>One operand, standing on one of its rows.</summary>
    private ref struct Stream(Operand operand)
    {
        private readonly int stride = operand.RowStride;
        private ref float row = ref MemoryMarshal.GetReference(operand.Data);

        public readonly bool Flat(int size) => stride == size;

        public void Next() => row = ref Unsafe.Add(ref row, stride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            load.At<V, M>(ref row, i);
    }

    private ref struct Rows1<F>(F map, Operand a) : IRows where F : struct, IMap1
    {
        private Stream a = new(a);

        public readonly bool Flat(int size) => a.Flat(size);

        public void Next()
        {
            a.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i));
    }

    private ref struct Rows2<F>(F map, Operand a, Operand b) : IRows where F : struct, IMap2
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
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i));
    }

    private ref struct Rows3<F>(F map, Operand a, Operand b, Operand c) : IRows where F : struct, IMap3
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
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i));
    }

    private ref struct Rows4<F>(F map, Operand a, Operand b, Operand c, Operand d) : IRows where F : struct, IMap4
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
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i));
    }

    private ref struct Rows5<F>(F map, Operand a, Operand b, Operand c, Operand d, Operand e) : IRows where F : struct, IMap5
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
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i),
                e.At<V, M, L>(load, i));
    }

    private ref struct Rows6<F>(F map, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f) : IRows where F : struct, IMap6
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
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i),
                e.At<V, M, L>(load, i), f.At<V, M, L>(load, i));
    }

    private ref struct Rows7<F>(F map, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f, Operand g) : IRows
        where F : struct, IMap7
    {
        private Stream a = new(a);
        private Stream b = new(b);
        private Stream c = new(c);
        private Stream d = new(d);
        private Stream e = new(e);
        private Stream f = new(f);
        private Stream g = new(g);

        public readonly bool Flat(int size) =>
            a.Flat(size) && b.Flat(size) && c.Flat(size) && d.Flat(size) && e.Flat(size) && f.Flat(size) && g.Flat(size);

        public void Next()
        {
            a.Next();
            b.Next();
            c.Next();
            d.Next();
            e.Next();
            f.Next();
            g.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i),
                e.At<V, M, L>(load, i), f.At<V, M, L>(load, i), g.At<V, M, L>(load, i));
    }

    private ref struct Rows8<F>(F map, Operand a, Operand b, Operand c, Operand d, Operand e, Operand f, Operand g, Operand h) : IRows
        where F : struct, IMap8
    {
        private Stream a = new(a);
        private Stream b = new(b);
        private Stream c = new(c);
        private Stream d = new(d);
        private Stream e = new(e);
        private Stream f = new(f);
        private Stream g = new(g);
        private Stream h = new(h);

        public readonly bool Flat(int size) =>
            a.Flat(size) && b.Flat(size) && c.Flat(size) && d.Flat(size) && e.Flat(size) && f.Flat(size) && g.Flat(size) && h.Flat(size);

        public void Next()
        {
            a.Next();
            b.Next();
            c.Next();
            d.Next();
            e.Next();
            f.Next();
            g.Next();
            h.Next();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly V At<V, M, L>(L load, nuint i) where M : struct, ILanes<V> where L : struct, ILoad =>
            map.At<V, M>(a.At<V, M, L>(load, i), b.At<V, M, L>(load, i), c.At<V, M, L>(load, i), d.At<V, M, L>(load, i),
                e.At<V, M, L>(load, i), f.At<V, M, L>(load, i), g.At<V, M, L>(load, i), h.At<V, M, L>(load, i));
    }
}
