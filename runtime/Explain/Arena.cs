namespace Whence;

using System.Runtime.CompilerServices;

/// <summary>
/// A thread's memory for the calls under way: taken piece by piece, given back all at once when disposed. Nothing is
/// allocated once it has grown to the thread's largest need, and no lock is taken. May be nested.
/// </summary>
internal readonly ref struct Arena<T> where T : unmanaged
{
    [ThreadStatic]
    private static Store? mine;

    private readonly Store store;
    private readonly int top;

    private Arena(Store store)
    {
        this.store = store;
        top = store.Top;
        store.Depth++;
    }

    /// <summary>This thread's arena.</summary>
    public static Arena<T> Enter() => new(mine ??= new Store());

    /// <summary>
    /// This thread's arena, or, where nothing is going to be taken, none: of a small network's call, finding the thread's is a part that
    /// counts.
    /// </summary>
    public static Arena<T> EnterIf(bool isNeeded) => isNeeded ? Enter() : default;

    /// <summary>Elements of undefined value.</summary>
    public Span<T> Take(int length)
    {
        if (length == 0)
            return default;
        store.Need(length);
        var piece = store.Block.AsSpan(store.Top, length);
        store.Top += length;
        return piece;
    }

    /// <summary>Elements of value zero.</summary>
    public Span<T> TakeClear(int length)
    {
        var piece = Take(length);
        piece.Clear();
        return piece;
    }

    /// <summary>Gives back all that was taken.</summary>
    public void Dispose() => store?.Leave(top);

    private sealed class Store
    {
        private int outgrown;

        public T[] Block = [];
        public int Top;
        public int Depth;

        // A block that is too small is left to the pieces that lie in it. The next one has room for those too, so that the same
        // calls find one block large enough the next time.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Grow(int length)
        {
            outgrown = checked(outgrown + Top);
            Block = new T[Math.Max(checked(outgrown + length), 2 * Block.Length)];
            Top = 0;
        }

        public void Need(int length)
        {
            if (Block.Length - Top < length)
                Grow(length);
        }

        public void Leave(int top)
        {
            Depth--;
            if (Depth == 0)
                (Top, outgrown) = (0, 0);
            else if (outgrown == 0)
                Top = top;
        }
    }
}
