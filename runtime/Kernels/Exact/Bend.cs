namespace Whence.CompilerServices;

/// <summary>
/// A function of one number that is straight but for one or two kinks: as many stretches, each with its slope and its value at 0, from the
/// lowest to the highest, and the numbers at which they meet.
/// </summary>
internal sealed record Bend
{
    /// <summary>Where the first stretch ends; of each value, or of all.</summary>
    public double[] First { get; init; } = [double.PositiveInfinity];

    /// <summary>Where the second stretch ends.</summary>
    public double Second { get; init; } = double.PositiveInfinity;

    /// <summary>The first stretch's slope; of each value, or of all.</summary>
    public double[] Below { get; init; } = [1];

    /// <summary>The slopes of the second and the third stretch.</summary>
    public double Between { get; init; } = 1;

    public double Above { get; init; } = 1;

    /// <summary>What is added to slope times value on the first stretch: null for the first kink's own place.</summary>
    public double? Base { get; init; } = 0;

    /// <summary>The same of the second stretch.</summary>
    public double? Middle { get; init; } = 0;

    /// <summary>The same of the third.</summary>
    public double Top { get; init; }

    /// <summary>The slope of a value that stays at a kink, the first or the second; null for that of the first stretch.</summary>
    public double? AtFirst { get; init; }

    public double AtSecond { get; init; }

    /// <summary>It is no bend at all: each value is multiplied by another, which stays, and perhaps one more is added.</summary>
    public bool IsProduct { get; init; }

    /// <summary>Of a product, in the order of its values: what each is multiplied by, and what is added; empty for nothing.</summary>
    public int[] Factors { get; init; } = [];

    public int[] Terms { get; init; } = [];

    public double Kink(int kink, int value) => kink == 0 ? First[First.Length == 1 ? 0 : value] : Second;

    public double Slope(int stretch, int value) =>
        stretch == 0 ? Below[Below.Length == 1 ? 0 : value] : stretch == 1 ? Between : Above;

    public double Offset(int stretch, int value) =>
        stretch == 0 ? Base ?? Kink(0, value) : stretch == 1 ? Middle ?? Kink(0, value) : Top;

    public double SlopeAt(int kink, int value) => kink == 0 ? AtFirst ?? Slope(0, value) : AtSecond;

    /// <summary>The kink above a stretch, or below it, as a number; infinite where there is none.</summary>
    public double Upper(int stretch, int value) => stretch == 2 ? double.PositiveInfinity : Kink(stretch, value);

    public double Lower(int stretch, int value) => stretch == 0 ? double.NegativeInfinity : Kink(stretch - 1, value);
}
