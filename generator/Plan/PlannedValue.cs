using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>Where a value lies while a program runs.</summary>
internal enum Storage
{
    /// <summary>In the arena, [rows, Size] from row offset * rows.</summary>
    Arena,

    /// <summary>In the caller's rows of input, at Offset of each row.</summary>
    Input,

    /// <summary>In the caller's rows of references, at Offset of each row.</summary>
    Reference,

    /// <summary>In what was kept of the reference or of a path, at Offset of each kept row.</summary>
    Kept,

    /// <summary>In a field: one row for all.</summary>
    Constant,

    /// <summary>In what is kept or read out, written at once at Offset of each of its rows.</summary>
    Written,

    /// <summary>How far along its path each step lies: one number for all elements.</summary>
    Alpha,

    /// <summary>The seed of the point that a walk begins at.</summary>
    Seed,

    /// <summary>A seed's product with weights, formed where it is read.</summary>
    Head,

    /// <summary>In the sums over the steps of a path, at Offset: as far as one number holds them, and what that rounds off.</summary>
    SumHigh,
    SumLow,
}

/// <summary>
/// The bytes of one node's value. Memory is [positions][channels], channels last; a value with one channel or one position lies as
/// the user sees it.
/// </summary>
internal sealed class PlannedValue(string name, Shape shape, int channels, Storage storage)
{
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public int Size { get; } = shape.Size;

    /// <summary>How many channels, last in memory; 1 if the value lies in the user's order.</summary>
    public int Channels { get; } = channels;

    public int Positions => Size / Channels;

    /// <summary>Whether memory order differs from the user's.</summary>
    public bool Turned => Channels > 1 && Positions > 1;

    public Storage Storage { get; set; } = storage;

    /// <summary>How many values its memory holds one after the other: of a scan's value that is kept, one a step.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>The value of whose slots this is one; null of a value with memory of its own.</summary>
    public PlannedValue? Within { get; init; }

    /// <summary>Which slot this is, or, where it moves, which it is at step 0.</summary>
    public int Slot { get; init; }

    /// <summary>Whether it lies one slot further at every step.</summary>
    public bool Moves { get; init; }

    /// <summary>The value of whose every row this is a stretch; null of a value with rows of its own.</summary>
    public PlannedValue? Whole { get; init; }

    /// <summary>Of a stretch: where in the row it begins, and how much further at every step of a scan.</summary>
    public int Start { get; init; }

    public int StartStep { get; init; }

    /// <summary>The value whose memory it lies in.</summary>
    public PlannedValue Memory => Whole?.Memory ?? Within ?? this;

    /// <summary>Floats from the start of a row of its place; of the arena, from the start of all rows, in floats a row.</summary>
    public int Offset
    {
        get => (Within?.Offset ?? field) + Slot * Size;
        set;
    }

    /// <summary>One of its slots.</summary>
    public PlannedValue At(string name, int slot, bool moves) =>
        new(name, Shape, Channels, Storage) { Within = this, Slot = slot, Moves = moves };

    /// <summary>A stretch of its rows, under a name and a shape of its own.</summary>
    public PlannedValue Part(string name, Shape shape, int channels, int start, int startStep) => new(name, shape, channels, Storage)
    {
        Whole = Whole ?? this, Start = Start + start, StartStep = StartStep + startStep,
    };

    /// <summary>Of a reference: whether one row may serve all, as whoever gives it says.</summary>
    public bool IsShared { get; init; }

    /// <summary>Of a head: the seed's product.</summary>
    public DenseStep? Head { get; init; }

    /// <summary>Of a constant: the node that says what it holds.</summary>
    public Node? Source { get; init; }

    /// <summary>The first and the last step that touch it.</summary>
    public int First
    {
        get => Whole?.First ?? Within?.First ?? field;
        private set;
    } = int.MaxValue;

    public int Last
    {
        get => Whole?.Last ?? Within?.Last ?? field;
        private set;
    } = -1;

    public void Touch(int step)
    {
        Memory.First = Math.Min(Memory.First, step);
        Memory.Last = Math.Max(Memory.Last, step);
    }

    /// <summary>Forgets what touches it.</summary>
    public void Untouch() => (Memory.First, Memory.Last) = (int.MaxValue, -1);

    public override string ToString() => $"{Name} {Shape}";
}
