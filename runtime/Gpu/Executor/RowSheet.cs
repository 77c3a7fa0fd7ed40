namespace Whence.Gpu;

using ILGPU;
using Whence.Authoring;

/// <summary>
/// What a device is told of the rows of a chunk, in whole numbers that go up as one: a descriptor of each row, where in the device's memory
/// its ends lie, how far between them it is and what of it is filled; then the same of pairs; then what rows share.
/// </summary>
internal sealed class RowSheet
{
    /// <summary>Places in a row's descriptor.</summary>
    public const int End = 0;
    public const int Start = 1;
    public const int Pair = 2;
    public const int Alpha = 3;
    public const int Cut = 4;
    public const int Weight = 5;
    public const int Fill = 6;
    public const int Tensor = 7;
    public const int Letter = 8;
    public const int Box = 9;

    /// <summary>What <see cref="Fill"/> says of a letter.</summary>
    public const int FillLetter = 2;

    private int[] numbers = new int[256];
    private int count;

    /// <summary>From one row's descriptor to the next one's.</summary>
    public int Stride { get; private set; }

    /// <summary>Axes of a box; 0 where none is filled.</summary>
    public int Rank { get; private set; }

    /// <summary>Where pairs begin, of which each has its end and its start.</summary>
    public int Pairs { get; private set; }

    /// <summary>Where the shapes of the inputs begin: for each where it begins in a row, its size, and its axes.</summary>
    public int Shapes { get; private set; }

    /// <summary>Where the players of elements begin.</summary>
    public int Groups { get; private set; }

    /// <summary>Where the flags of masked rows begin, and how many words a row has.</summary>
    public int Masks { get; private set; }

    public int Words { get; private set; }

    /// <summary>On the device.</summary>
    public ArrayView<int> View { get; private set; }

    /// <summary>Begins anew.</summary>
    /// <param name="rank">Axes of a box; 0 where none is filled.</param>
    public void Begin(int rank)
    {
        (count, Rank, Stride, Words) = (0, rank, rank == 0 ? Weight + 1 : Box + 2 * rank, 0);
        (Pairs, Shapes, Groups, Masks) = (0, 0, 0, 0);
    }

    /// <summary>Adds a row.</summary>
    public void Add(int end, int start, int pair, in RowSpec spec)
    {
        var row = Take(Stride);
        (row[End], row[Start], row[Pair]) = (end, start, pair);
        row[Alpha] = BitConverter.SingleToInt32Bits((float)spec.Alpha);
        row[Cut] = BitConverter.SingleToInt32Bits((float)spec.Cut);
        row[Weight] = BitConverter.SingleToInt32Bits((float)spec.Weight);
        if (Rank == 0)
            return;
        row[Fill] = spec.Fill == Authoring.Fill.Letter ? FillLetter : (int)spec.Fill;
        (row[Tensor], row[Letter]) = (spec.Box.Input, spec.Letter);
        for (var axis = 0; axis < Rank; axis++)
        {
            var (first, extent) = spec.Box.On(axis);
            // An axis that the input does not have is of one element.
            (row[Box + axis], row[Box + Rank + axis]) = (first, Math.Max(extent, 1));
        }
    }

    /// <summary>Begins pairs.</summary>
    public void BeginPairs() => Pairs = count;

    /// <summary>Adds a pair.</summary>
    public void AddPair(int end, int start)
    {
        var pair = Take(2);
        (pair[End], pair[Start]) = (end, start);
    }

    /// <summary>Adds the shapes of a network's inputs.</summary>
    public void AddShapes(Signature signature)
    {
        Shapes = count;
        var before = 0;
        foreach (var input in signature.Inputs)
        {
            var shape = Take(2 + Rank);
            (shape[0], shape[1]) = (before, input.Shape.Size);
            for (var axis = 0; axis < Rank; axis++)
                shape[2 + axis] = axis < input.Shape.Rank ? input.Shape[axis] : 1;
            before += input.Shape.Size;
        }
    }

    /// <summary>Adds the players that elements belong to.</summary>
    public void AddGroups(FeatureGroups groups, int elements)
    {
        Groups = count;
        var players = Take(elements);
        for (var i = 0; i < elements; i++)
            players[i] = groups[i];
    }

    /// <summary>Begins the flags of masked rows.</summary>
    public void BeginMasks(int players) => (Masks, Words) = (count, (players + 31) / 32);

    /// <summary>Adds a row's flags.</summary>
    public void AddMask(ReadOnlySpan<bool> present)
    {
        var words = Take(Words);
        words.Clear();
        for (var player = 0; player < present.Length; player++)
            words[player / 32] |= present[player] ? 1 << (player & 31) : 0;
    }

    /// <summary>Copies it to the device.</summary>
    public void Up(Lane lane) => View = lane.Up(numbers.AsSpan(0, count)).View.Cast<int>();

    private Span<int> Take(int more)
    {
        if (count + more > numbers.Length)
            Array.Resize(ref numbers, Math.Max(2 * numbers.Length, checked(count + more)));
        count += more;
        return numbers.AsSpan(count - more, more);
    }
}
