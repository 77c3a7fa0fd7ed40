using System.ComponentModel;
using System.Numerics;

namespace Whence.CompilerServices;

/// <summary>
/// A network that is linear but for kinks: rectifiers, clamps, maxima. Its values are numbered along the way forward; of each it is known
/// where it goes, in double precision, so that the turn of one unit is followed to what it reaches and no further.
/// Immutable, safe to share between threads.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PiecewiseLinear
{
    private readonly Stack<PathWalk> walks = new();
    private readonly Dictionary<int, int[]> points;
    private readonly Dictionary<int, Towards> reached = [];
    private readonly bool isTooLarge;

    internal PiecewiseLinear(PiecewiseBuilder from)
    {
        points = from.Points;
        isTooLarge = from.IsTooLarge;
        if (isTooLarge)
            from = new PiecewiseBuilder();
        Parts = [.. from.Parts];
        Size = Parts.Length == 0 ? 0 : Parts[^1].End;
        Groups = Size / Group;
        Starts = from.Starts(Size);
        Weights = from.Pinned(back: false);
        BackWeights = from.Pinned(back: true);
        Up = new(Size, from.Up);
        Down = new(Size, from.Down);
        StrandsUp = new(Groups, from.StrandsBy(strand => strand.From));
        StrandsDown = new(Groups, from.StrandsBy(strand => strand.To));
        Members = new(Size, from.Members);
        Windows = new(Size, from.Windows);
        PartOf = new PathPart[Groups];
        foreach (var part in Parts)
            PartOf.AsSpan(part.First / Group, (part.End - part.First) / Group).Fill(part);
        Inputs = [.. from.Inputs];
    }

    /// <summary>So many neighbouring values are looked at together; a part begins with a group of its own.</summary>
    internal const int Group = 32;

    internal PathPart[] Parts { get; }

    internal PathPart[] PartOf { get; }

    internal int Size { get; }

    internal int Groups { get; }

    /// <summary>What each value begins with: a bias, a constant.</summary>
    internal double[] Starts { get; }

    internal double[] Weights { get; }

    internal double[] BackWeights { get; }

    internal Listed<Fan> Up { get; }

    internal Listed<Fan> Down { get; }

    internal Listed<Strand> StrandsUp { get; }

    internal Listed<Strand> StrandsDown { get; }

    /// <summary>Of a maximum, what it is taken of.</summary>
    internal Listed<int> Members { get; }

    /// <summary>The maxima that a value is a member of.</summary>
    internal Listed<int> Windows { get; }

    /// <summary>For each element of a row of input, its value.</summary>
    internal int[] Inputs { get; }

    /// <summary>Whether a point's value is here.</summary>
    public bool Has(int point) => points.ContainsKey(point);

    internal int[] Point(int point) => points[point];

    /// <summary>Integrates the gradient along one path; a network that is too large for that takes more than any path may.</summary>
    public ExactIntegral Integrate<T>(in ExactPath<T> path) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (isTooLarge)
            return default;
        var (walk, towards) = Rent(path.From);
        try
        {
            return walk.Run(path, towards);
        }
        finally
        {
            lock (walks)
                walks.Push(walk);
        }
    }

    // Memory for as many paths as were under way at once, and what matters to each point that was asked about.
    private (PathWalk Walk, Towards Towards) Rent(int point)
    {
        lock (walks)
        {
            if (!reached.TryGetValue(point, out var towards))
                reached.Add(point, towards = new Towards(this, points[point]));
            return (walks.TryPop(out var walk) ? walk : new PathWalk(this), towards);
        }
    }
}

/// <summary>What makes a part's values.</summary>
internal enum PartKind
{
    /// <summary>The caller.</summary>
    Input,
    /// <summary>The network.</summary>
    Constant,
    /// <summary>Weighted sums.</summary>
    Linear,
    /// <summary>A function of one value.</summary>
    Bend,
    /// <summary>The largest of several.</summary>
    Max,
}

/// <summary>Values that one operator makes, from <paramref name="First"/> to before <paramref name="End"/>.</summary>
internal sealed record PathPart(int Index, PartKind Kind, int First, int End)
{
    /// <summary>Where its values come from.</summary>
    public HashSet<int> Sources { get; } = [];

    public Bend? Bend { get; init; }

    /// <summary>Whether it has kinks of its own.</summary>
    public bool IsKinked => Kind == PartKind.Max || Bend is { IsProduct: false };

    /// <summary>Whether its values change along a path as straight lines.</summary>
    public bool IsAffine { get; set; }
}

/// <summary>What matters to one point.</summary>
internal sealed class Towards
{
    public Towards(PiecewiseLinear of, int[] point)
    {
        var (wanted, useful) = (new bool[of.Parts.Length], new bool[of.Parts.Length]);
        foreach (var value in point)
            wanted[of.PartOf[value / PiecewiseLinear.Group].Index] = true;
        for (var i = of.Parts.Length - 1; i >= 0; i--)
        {
            var part = of.Parts[i];
            foreach (var source in wanted[i] ? part.Sources : [])
            {
                wanted[source] = true;
                useful[source] |= part.IsKinked || useful[part.Index];
            }
        }
        Parts = [.. of.Parts.Where(part => wanted[part.Index])];
        IsWanted = GC.AllocateArray<bool>(of.Groups, pinned: true);
        IsUseful = GC.AllocateArray<bool>(of.Groups, pinned: true);
        for (var group = 0; group < of.Groups; group++)
            (IsWanted[group], IsUseful[group]) = (wanted[of.PartOf[group].Index], useful[of.PartOf[group].Index]);
        Kinked = [.. Parts.Where(part => part.IsKinked)];
        for (var value = 0; value < of.Size; value++)
        {
            foreach (var fan in IsWanted[value / PiecewiseLinear.Group] ? of.Up[value] : default)
                Cost += IsWanted[fan.First / PiecewiseLinear.Group] ? fan.Count : 0;
            Cost += IsWanted[value / PiecewiseLinear.Group] ? 1 + of.Members[value].Length : 0;
        }
    }

    /// <summary>The parts that the point is made of, in order.</summary>
    public PathPart[] Parts { get; }

    public PathPart[] Kinked { get; }

    /// <summary>Of groups: whether the point is made of them.</summary>
    public bool[] IsWanted { get; }

    /// <summary>Of groups: whether kinks that the point is made of are further up.</summary>
    public bool[] IsUseful { get; }

    /// <summary>Multiply-adds of the forward pass, a value and a comparison counted as one.</summary>
    public long Cost { get; }
}
