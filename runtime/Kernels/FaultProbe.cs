using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>A forward pass of one row: puts a value at a point, or reads a point's out, as its probe says.</summary>
/// <param name="x">[InputSize].</param>
/// <param name="point">The point; -1 for the outputs.</param>
/// <param name="value">The point's value.</param>
/// <param name="probe">What looks at it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void ProbedPass(float[] x, int point, float[] value, ref FaultProbe probe);

/// <summary>
/// Remembers named values of one row's forward pass, and changes some of their elements, so that what depends on them shows.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct FaultProbe : IProbe
{
    private readonly Changes? changes;
    private readonly Func<int, bool>? remembers;
    private int calls;

    /// <summary>A probe that has seen nothing.</summary>
    /// <param name="changes">What is changed; nothing, if null.</param>
    /// <param name="remembers">Whether a call is remembered, by its number; all, if null.</param>
    /// <param name="puts">Whether the point gets the value that the pass is given; else it is read out.</param>
    internal FaultProbe(Changes? changes, Func<int, bool>? remembers, bool puts)
    {
        (this.changes, this.remembers) = (changes, remembers);
        Puts = puts;
    }

    private readonly bool Puts { get; }

    /// <summary>What was seen, in the order in which it was computed.</summary>
    internal List<Seen> All { get; } = [];

    /// <inheritdoc/>
    public void See(Span<float> value, string name, int channels, ReadOnlySpan<int> axes, int step, ReadOnlySpan<int> from, bool each,
        bool steep, ReadOnlySpan<int> steepAt)
    {
        var call = calls++;
        changes?.Make(call, value, channels);
        if (!(remembers?.Invoke(call) ?? true))
            return;
        var own = new float[value.Length];
        for (var i = 0; i < own.Length; i++)
            own[i % channels * (own.Length / channels) + i / channels] = value[i];
        All.Add(new Seen(call, step, name, own, axes.ToArray(), from.ToArray(), steep, steepAt.ToArray()));
    }

    /// <summary>Puts what was given in the point's place, or reads the point out.</summary>
    public readonly void Reach(Span<float> own, Span<float> value, int rows, int size, int channels)
    {
        if (Puts)
            Points.In(value, own, rows, size, channels);
        else
            Points.Out(new Operand(own, size), value, 0, size, rows, size, channels);
    }

    /// <summary>What is searched for, or null.</summary>
    /// <param name="search">What.</param>
    /// <param name="size">Elements of what is asked about.</param>
    /// <param name="asked">The steps that make it.</param>
    /// <param name="ends">Those that make the point where the way back ends; none for the inputs.</param>
    /// <param name="pass">The forward pass.</param>
    public static Fault? Find(in FaultSearch<float> search, int size, ReadOnlySpan<int> asked, ReadOnlySpan<int> ends, ProbedPass pass)
    {
        var finder = new FaultFinder(search, size, asked.ToArray(), pass);
        return search.Steep ? finder.Steepest(search.To, ends.ToArray()) : finder.NonFinite(search.To, ends.ToArray());
    }
}

/// <summary>An element, in the user's order, of the value that a call of a probe has seen.</summary>
internal readonly record struct Place(int Call, int Element);

/// <summary>A step's value, in the user's order, and where it comes from.</summary>
internal sealed record Seen(int Call, int Step, string Name, float[] Value, int[] Axes, int[] From, bool Steep, int[] SteepAt)
{
    /// <summary>The elements of which something holds.</summary>
    public IEnumerable<Place> Where(Func<float, bool> holds)
    {
        for (var i = 0; i < Value.Length; i++)
        {
            if (holds(Value[i]))
                yield return new(Call, i);
        }
    }

    public Fault At(int element)
    {
        var (place, index) = (element, new int[Axes.Length]);
        for (var axis = Axes.Length - 1; axis >= 0; axis--)
            (place, index[axis]) = Math.DivRem(place, Axes[axis]);
        return new Fault(Name, index, Value[element]);
    }
}

/// <summary>Numbers that are put in the place of some elements as soon as they are computed.</summary>
internal sealed class Changes
{
    private readonly Dictionary<int, List<(int Element, float Value)>> byCall = [];

    public void Put(Place place, float value)
    {
        if (!byCall.TryGetValue(place.Call, out var list))
            byCall[place.Call] = list = [];
        list.Add((place.Element, value));
    }

    /// <summary>In a value [positions][channels].</summary>
    public void Make(int call, Span<float> value, int channels)
    {
        if (!byCall.TryGetValue(call, out var list))
            return;
        var positions = value.Length / channels;
        foreach (var (element, number) in list)
            value[element % positions * channels + element / positions] = number;
    }
}
