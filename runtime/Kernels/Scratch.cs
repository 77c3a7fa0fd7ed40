using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// Memory for the length of a call, from an arena that belongs to the thread: 64-byte aligned, its contents undefined.
/// Give back in the reverse order (<c>using</c> does). Once a thread has used its most, renting allocates nothing.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe ref struct Scratch
{
    [ThreadStatic]
    private static Arena? arena;

    private readonly Arena owner;
    private readonly float* start;
    private readonly int length;
    private readonly Mark before;

    private Scratch(Arena owner, int floats)
    {
        this.owner = owner;
        length = floats;
        start = owner.Take(floats, out before);
    }

    /// <summary>Takes this many floats.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Scratch Rent(int floats)
    {
        if (floats < 0)
            throw new ArgumentOutOfRangeException(nameof(floats), floats,
                $"Scratch memory has 0 floats or more, but {floats} were asked for.");
        return new Scratch(arena ??= new Arena(), floats);
    }

    /// <summary>The memory; valid until <see cref="Dispose"/>.</summary>
    public Span<float> Span => new(start, length);

    /// <summary>Where the memory starts.</summary>
    internal float* Start => start;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => owner?.Release(before);

    /// <summary>How much of which block was in use.</summary>
    private readonly record struct Mark(int Block, int Used);

    /// <summary>
    /// Blocks of pinned memory, used one after the other. When all is given back and there were several, one block as large
    /// as all of them takes their place, so that the next call of the same size finds everything in one.
    /// </summary>
    private sealed class Arena
    {
        private const int Line = 16;
        private const int Least = 1 << 14;

        private readonly List<float[]> blocks = [];
        private Mark top = new(-1, 0);

        public float* Take(int floats, out Mark before)
        {
            before = top;
            var rounded = checked((floats + Line - 1) / Line * Line);
            if (top.Block < 0 || Room(top) < rounded)
                top = new Mark(NextBlock(rounded), 0);
            var start = Aligned(blocks[top.Block]) + top.Used;
            top = top with { Used = top.Used + rounded };
            return start;
        }

        public void Release(Mark before)
        {
            top = before;
            if (before is { Block: -1 } && blocks.Count > 1)
                Merge();
        }

        private int Room(Mark mark) => blocks[mark.Block].Length - Line - mark.Used;

        private int NextBlock(int floats)
        {
            var next = top.Block + 1;
            if (next < blocks.Count && blocks[next].Length - Line < floats)
                blocks.RemoveRange(next, blocks.Count - next);
            if (next == blocks.Count)
                blocks.Add(Block(Math.Max(floats, Math.Max(Least, next == 0 ? 0 : blocks[next - 1].Length))));
            return next;
        }

        private void Merge()
        {
            var all = blocks.Sum(block => (long)block.Length);
            blocks.Clear();
            blocks.Add(Block((int)Math.Min(all, Array.MaxLength - Line)));
        }

        private static float[] Block(int floats) => GC.AllocateUninitializedArray<float>(floats + Line, pinned: true);

        private static float* Aligned(float[] block) => Panels.Align(block);
    }
}
