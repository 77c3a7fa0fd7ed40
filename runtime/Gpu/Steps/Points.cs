namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>
/// Where values leave and enter a compiled network: between memory order, [positions][channels], and the user's, [channels][positions].
/// Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Points
{
    /// <summary>At a point's value: replaces it if the walk injects there, and reads it out if the walk begins or ends there.</summary>
    public static void Visit(in BackwardArguments arguments, int point, Rows value, int size, int channels)
    {
        if (arguments.InjectAt == point)
            Turn(arguments.Injected, size, value, 0, size, arguments.Rows, size, channels, back: true);
        if (arguments.From == point && !arguments.FromValue.IsEmpty)
            Out(new Operand(value, size), arguments.FromValue, 0, size, arguments.Rows, size, channels);
        if (arguments.To == point && !arguments.ToValue.IsEmpty)
            Out(new Operand(value, size), arguments.ToValue, 0, size, arguments.Rows, size, channels);
    }

    /// <summary>At a point's multipliers: adds the seed if the walk begins there.</summary>
    public static void Seed(in BackwardArguments arguments, int point, Rows multipliers, int size, int channels)
    {
        if (arguments.From != point)
            return;
        var isOfRow = arguments.HasSeedOfRow;
        Lane.Current.Launch<AddSeed, TurnArguments>((long)arguments.Rows * size, new TurnArguments
        {
            X = arguments.Seed.View, Y = multipliers.View, Count = arguments.Rows * size, Size = size, Outer = channels,
            Inner = size / channels,
            XRow = arguments.SeedRows == 1 ? 0 : size, YRow = size, Steps = isOfRow ? 1 : Math.Max(1, arguments.Steps),
            FirstStep = isOfRow ? 0 : arguments.FirstStep,
        });
    }

    /// <summary>Where the walk ends: writes the multipliers out.</summary>
    public static void End(in BackwardArguments arguments, Rows positive, Rows negative, int size, int channels) =>
        End(arguments, positive, negative, 0, size, size, channels);

    /// <summary>Where the walk ends at one of several inputs: writes its multipliers out, at an offset in each row.</summary>
    public static void End(in BackwardArguments arguments, Rows positive, Rows negative, int offset, int row, int size, int channels)
    {
        Out(new Operand(positive, size), arguments.Multipliers, offset, row, arguments.Rows, size, channels);
        if (!arguments.NegativeMultipliers.IsEmpty)
            Out(new Operand(negative, size), arguments.NegativeMultipliers, offset, row, arguments.Rows, size, channels);
    }

    /// <summary>Where the walk ends: writes the parts of the value's difference from its reference out.</summary>
    public static void Deltas(in BackwardArguments arguments, Rows positive, Rows negative, int size, int channels)
    {
        if (!arguments.PositiveDelta.IsEmpty)
            Out(new Operand(positive, size), arguments.PositiveDelta, 0, size, arguments.Rows, size, channels);
        if (!arguments.NegativeDelta.IsEmpty)
            Out(new Operand(negative, size), arguments.NegativeDelta, 0, size, arguments.Rows, size, channels);
    }

    /// <summary>Zeros of so many elements at an offset in each of the caller's rows.</summary>
    public static void Clear(Rows to, int toOffset, int toRow, int rows, int size) =>
        Lane.Current.Launch<ClearRows, TurnArguments>((long)rows * size, new TurnArguments
        {
            Y = to.View, Count = rows * size, Size = size, Outer = 1, Inner = size, YOffset = toOffset, YRow = toRow,
        });

    /// <summary>Where nothing flows back to an input: zeros.</summary>
    public static void None(in BackwardArguments arguments, int offset, int row, int size)
    {
        Clear(arguments.Multipliers, offset, row, arguments.Rows, size);
        if (!arguments.NegativeMultipliers.IsEmpty)
            Clear(arguments.NegativeMultipliers, offset, row, arguments.Rows, size);
    }

    /// <summary>Where the walk ends at a value that no input moves, of so many elements: zeros.</summary>
    public static void None(in BackwardArguments arguments, int size)
    {
        None(arguments, 0, size, size);
        arguments.PositiveDelta.Clear();
        arguments.NegativeDelta.Clear();
    }

    /// <summary>Writes values in the user's order: row r to <paramref name="to"/> at r * toRow + toOffset.</summary>
    public static void Out(Operand from, Rows to, int toOffset, int toRow, int rows, int size, int channels) =>
        Turn(new Rows(from.View), from.RowStride, to, toOffset, toRow, rows, size, channels, back: false);

    private static void Turn(Rows from, int fromRow, Rows to, int toOffset, int toRow, int rows, int size, int channels, bool back) =>
        Lane.Current.Launch<Turned, TurnArguments>((long)rows * size, new TurnArguments
        {
            X = from.View, Y = to.View, Count = rows * size, Size = size, XRow = fromRow, YRow = toRow, YOffset = toOffset,
            Outer = back ? channels : size / channels, Inner = back ? size / channels : channels,
        });

    // [outer][inner] to [inner][outer].
    private readonly struct Turned : IKernel<TurnArguments>
    {
        public static void Run(TurnArguments p)
        {
            var n = ThisThread.Element;
            if (n < p.Count)
                p.Y[p.To(n)] = p.X[p.From(n)];
        }
    }

    private readonly struct AddSeed : IKernel<TurnArguments>
    {
        public static void Run(TurnArguments p)
        {
            var n = ThisThread.Element;
            if (n < p.Count)
                p.Y[p.To(n)] += p.X[p.From(n, (n / p.Size + p.FirstStep) / p.Steps)];
        }
    }

    private readonly struct ClearRows : IKernel<TurnArguments>
    {
        public static void Run(TurnArguments p)
        {
            var n = ThisThread.Element;
            if (n < p.Count)
                p.Y[p.To(n)] = 0f;
        }
    }
}

internal struct TurnArguments
{
    public ArrayView<float> X;
    public ArrayView<float> Y;
    public int Count;
    public int Size;
    public int Outer;
    public int Inner;
    public int XRow;
    public int YRow;
    public int YOffset;

    /// <summary>Of seeds: how many rows share one, and how many of the first's come before.</summary>
    public int Steps;
    public int FirstStep;

    /// <summary>Where an element, counted as it is written, is read.</summary>
    public readonly int From(int element) => From(element, element / Size);

    /// <summary>Where it is read in another row.</summary>
    public readonly int From(int element, int row)
    {
        var at = element - element / Size * Size;
        var inner = at / Outer;
        return row * XRow + (at - inner * Outer) * Inner + inner;
    }

    /// <summary>Where it is written.</summary>
    public readonly int To(int element)
    {
        var row = element / Size;
        return row * YRow + YOffset + element - row * Size;
    }
}
