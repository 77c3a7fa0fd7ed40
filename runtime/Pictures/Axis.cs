using System.Globalization;

namespace Whence.Pictures;

/// <summary>An axis of a plot.</summary>
/// <param name="Label">What is measured along it, with its unit.</param>
public sealed record Axis(string Label = "")
{
    /// <summary>Where the axis begins; a round number below all data if not given.</summary>
    public double? Minimum { get; init; }

    /// <summary>Where the axis ends; a round number above all data if not given.</summary>
    public double? Maximum { get; init; }

    /// <summary>The axis over these data, running from one pixel to another.</summary>
    internal Scale Over(IEnumerable<double> data, double from, double to, double pixelsEach, string argument)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in data)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        if (least > most)
            (least, most) = (0, 1);
        (least, most) = (Minimum ?? least, Maximum ?? most);
        if (!(double.IsFinite(least) && double.IsFinite(most)) || Minimum >= Maximum)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The axis \"{Label}\" needs finite ends with Minimum below Maximum, but would run from {least} to {most}."),
                argument);
        if (!(most > least))
            (least, most) = Around(least, most);
        var step = Scale.Round((most - least) * pixelsEach / Math.Abs(to - from));
        return new Scale(Minimum ?? Math.Floor(least / step + 1e-9) * step, Maximum ?? Math.Ceiling(most / step - 1e-9) * step, from, to,
            step);
    }

    // Data that are all one number still get an axis with room around it.
    private (double Least, double Most) Around(double least, double most)
    {
        var room = least == 0 ? 1 : Math.Abs(least) / 2;
        return (Minimum ?? Math.Min(least, most) - room, Maximum ?? Math.Max(least, most) + room);
    }
}

/// <summary>Where on the sheet a number lies.</summary>
/// <param name="Minimum">The number at <paramref name="From"/>.</param>
/// <param name="Maximum">The number at <paramref name="To"/>.</param>
/// <param name="From">Pixels.</param>
/// <param name="To">Pixels.</param>
/// <param name="Step">From one tick to the next.</param>
internal sealed record Scale(double Minimum, double Maximum, double From, double To, double Step)
{
    /// <summary>The pixel of a number; beyond the axis, of its end.</summary>
    public double this[double value] => From + (Math.Clamp(value, Minimum, Maximum) - Minimum) / (Maximum - Minimum) * (To - From);

    public bool Holds(double value) => value >= Minimum && value <= Maximum;

    public IEnumerable<double> Ticks()
    {
        var first = Math.Ceiling(Minimum / Step - 1e-9);
        for (var tick = first; tick * Step <= Maximum + 1e-9 * Step; tick++)
            yield return tick * Step;
    }

    /// <summary>A tick's label: as many decimals as the step has.</summary>
    public string Label(double tick)
    {
        var largest = Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));
        if (Math.Abs(tick) < 1e-9 * Step)
            return "0";
        if (largest is < 1e-3 or >= 1e6)
            return Minus(tick.ToString("0.##e+0", CultureInfo.InvariantCulture));
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(Step) - 1e-9), 0, 9);
        return Minus(tick.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture));
    }

    /// <summary>1, 2 or 5 times a power of ten, at least this much.</summary>
    public static double Round(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1, 2, 5, 10 }.Select(digit => digit * power).First(step => step >= least * (1 - 1e-9));
    }

    /// <summary>A number in a legend: three digits.</summary>
    public static string Short(double value) =>
        Minus(value.ToString(Math.Abs(value) is 0 or >= 0.001 and < 100_000 ? "0.###" : "0.##e+0", CultureInfo.InvariantCulture));

    private static string Minus(string number) => number.Replace('-', '\u2212');
}
