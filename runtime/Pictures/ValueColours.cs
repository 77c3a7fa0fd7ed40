namespace Whence.Pictures;

/// <summary>
/// The colours of a feature's values, from its low to its high ones, as SHAP takes their ends: between the 5th and the 95th percentile, or
/// where those are equal the 1st and the 99th, or the ends. What is missing is grey.
/// </summary>
internal sealed record ValueColours(Palette Palette, double Low, double High)
{
    private static readonly Colour missing = new(119, 119, 119);

    public static ValueColours Of(Palette palette, IEnumerable<float> values, bool narrow = true)
    {
        var known = values.Where(float.IsFinite).Select(value => (double)value).ToArray();
        if (known.Length == 0)
            return new(palette, 0, 0);
        var (low, high) = (Scores.Percentile(known, 5), Scores.Percentile(known, 95));
        if (low == high && narrow)
            (low, high) = (Scores.Percentile(known, 1), Scores.Percentile(known, 99));
        return low == high ? new(palette, known.Min(), known.Max()) : new(palette, low, high);
    }

    public Colour this[double value] =>
        double.IsNaN(value) ? missing : At(High == Low ? 0.5 : Math.Clamp((value - Low) / (High - Low), 0, 1));

    /// <summary>What is as wide as the strip and its words, for the room that a plot leaves them.</summary>
    public static string Room(string low = "low", string high = "high") =>
        new[] { "feature value", $"{low}---", $"{high}---" }.MaxBy(text => Canvas.WidthOf(text))!;

    /// <summary>A strip from the high values to the low ones, with its name at its right.</summary>
    public void Draw(Canvas canvas, double x, double y, double height, string name, string low = "low", string high = "high")
    {
        const int steps = 40;
        var each = height / steps;
        // Each goes on below the next, so that no light comes through between them.
        for (var i = 0; i < steps; i++)
            canvas.Rect(x, y + i * each, 10, height - i * each, At(1 - (i + 0.5) / steps).ToString());
        canvas.Text(x + 16, y + 5, high, size: 11);
        canvas.Text(x + 16, y + height - 5, low, size: 11);
        canvas.Text(x + 20, y + height / 2, name, "middle", 11, upwards: true);
    }

    private Colour At(double share)
    {
        var (from, to) = (Palette.Negative, Palette.Positive);
        return new(Blend(from.Red, to.Red), Blend(from.Green, to.Green), Blend(from.Blue, to.Blue));

        byte Blend(byte low, byte high) => (byte)Math.Round(low + share * (high - low));
    }
}
