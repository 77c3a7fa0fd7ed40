using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>A forward pass of one row: puts a value at a point, or reads a point's out, as its probe says.</summary>
/// <param name="x">[InputSize].</param>
/// <param name="point">The point; -1 for the outputs.</param>
/// <param name="value">The point's value.</param>
/// <param name="probe">What looks at it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void ProbedPass(float[] x, int point, float[] value, FaultProbe probe);

/// <summary>
/// Looks at each named value of one row's forward pass as it is computed: remembers it, and changes some of its elements, so that what
/// depends on them shows.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FaultProbe
{
    private readonly Changes? changes;
    private readonly Func<int, bool>? remembers;
    private readonly bool rounds;
    private Draws draws;
    private int calls;
    private bool sees;

    /// <summary>A probe that has seen nothing.</summary>
    /// <param name="changes">What is changed; nothing, if null.</param>
    /// <param name="remembers">Whether a call is remembered, by its number; all, if null.</param>
    /// <param name="puts">Whether the point gets the value that the pass is given; else it is read out.</param>
    internal FaultProbe(Changes? changes, Func<int, bool>? remembers, bool puts)
    {
        (this.changes, this.remembers) = (changes, remembers);
        Puts = puts;
    }

    /// <summary>A probe that moves all that is computed as far as rounding may have.</summary>
    internal FaultProbe(Draws draws) => (rounds, this.draws) = (true, draws);

    private bool Puts { get; }

    /// <summary>What was seen, in the order in which it was computed.</summary>
    internal List<Seen> All { get; } = [];

    /// <summary>A value has been computed.</summary>
    /// <param name="value">Of one row, as it lies in memory: [positions][channels].</param>
    /// <param name="name">What computes it, in the user's words.</param>
    /// <param name="channels">Its channels in memory; 1 where it lies in the user's order.</param>
    /// <param name="axes">Its shape.</param>
    /// <param name="step">The number of the step that makes it.</param>
    /// <param name="from">Those of the steps whose values it is made of.</param>
    public void See(Span<float> value, string name, int channels, ReadOnlySpan<int> axes, int step, ReadOnlySpan<int> from)
    {
        if (rounds)
        {
            Roundings.Move(value, ref draws);
            return;
        }
        var call = calls++;
        changes?.Make(call, value, channels);
        sees = remembers?.Invoke(call) ?? true;
        if (!sees)
            return;
        var own = new float[value.Length];
        for (var i = 0; i < own.Length; i++)
            own[Place(i, own.Length, channels)] = value[i];
        All.Add(new Seen(call, step, name, own, axes.ToArray(), from.ToArray()));
    }

    /// <summary>The value that was seen last is a function's, whose slopes may be infinite.</summary>
    /// <param name="function">The function.</param>
    /// <param name="x">Of what, as it lies in memory.</param>
    /// <param name="y">What it gave.</param>
    /// <param name="channels">Its channels in memory.</param>
    public void Slopes<F>(F function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int channels) where F : struct, IElementwise
    {
        for (var i = 0; sees && i < y.Length; i++)
            Slope(function, x[i], y[i], Place(i, y.Length, channels), null);
    }

    /// <summary>The same of a function of what is flat where it is 0.</summary>
    /// <param name="function">The function.</param>
    /// <param name="x">Of what, as it lies in memory.</param>
    /// <param name="y">What it gave.</param>
    /// <param name="channels">Its channels in memory.</param>
    /// <param name="only">The points for whose multipliers a slope at 0 counts: below them it meets another, of 0.</param>
    public void Slopes<F>(F function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int channels, ReadOnlySpan<int> only)
        where F : struct, IElementwise
    {
        var points = only.ToArray();
        for (var i = 0; sees && i < y.Length; i++)
            Slope(function, x[i], y[i], Place(i, y.Length, channels), x[i] == 0 ? points : null);
    }

    private void Slope<F>(F function, float x, float y, int element, int[]? only) where F : struct, IElementwise
    {
        // Where there is no value, that is what is said. In double precision it shows whether there is a slope that no float holds.
        if (float.IsFinite(y) && !float.IsFinite(function.Slope<float, FloatMath>(x, y)))
            All[^1].Steep.Add(element, (function.Slope<double, DoubleMath>(x, y), only));
    }

    // In the user's order.
    private static int Place(int i, int size, int channels) => i % channels * (size / channels) + i / channels;

    /// <summary>Puts what was given in the point's place, or reads the point out.</summary>
    /// <param name="own">Its value where it lies in memory, [rows][positions][channels].</param>
    /// <param name="value">What the pass was given for it, in the user's order.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">Elements of one row.</param>
    /// <param name="channels">Its channels in memory.</param>
    public void Reach(Span<float> own, Span<float> value, int rows, int size, int channels)
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
        if (search.Sought == Sought.Rounding)
            return new Fault("", [], Roundings.Of(search, size, pass));
        var finder = new FaultFinder(search, size, asked.ToArray(), pass);
        return search.Sought switch
        {
            Sought.Overflow => finder.Overflown(ends.ToArray()),
            Sought.Steep => finder.Steepest(search.To, ends.ToArray()),
            _ => finder.NonFinite(search.To, ends.ToArray()),
        };
    }
}

/// <summary>An element, in the user's order, of the value that a call of a probe has seen.</summary>
internal readonly record struct Place(int Call, int Element);

/// <summary>A step's value, in the user's order, and where it comes from.</summary>
internal sealed record Seen(int Call, int Step, string Name, float[] Value, int[] Axes, int[] From)
{
    /// <summary>
    /// By element, slopes that no float holds, and the points for whose multipliers they count; null, if for all.
    /// </summary>
    public Dictionary<int, (double Slope, int[]? Only)> Steep { get; } = [];

    /// <summary>The elements from which a slope that is not finite comes back to a point, or, -1, to the inputs.</summary>
    public IEnumerable<Place> SteepFor(int point)
    {
        foreach (var (element, slope) in Steep)
        {
            if (slope.Only is not { } only || Array.IndexOf(only, point) >= 0)
                yield return new Place(Call, element);
        }
    }

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
        return new Fault(Name, index, Value[element]) { Slope = Steep.TryGetValue(element, out var steep) ? steep.Slope : null };
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
