namespace Whence.Pictures;

/// <summary>A colour, 8 bits a channel.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>Full red, green and blue.</summary>
    public static Colour White => new(255, 255, 255);

    /// <summary>The colour as CSS writes it.</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}

/// <summary>A diverging scale of colours: white at zero, towards one colour for positive and another for negative scores.</summary>
/// <param name="Negative">At minus one and below.</param>
/// <param name="Positive">At plus one and above.</param>
public sealed record Palette(Colour Negative, Colour Positive)
{
    /// <summary>Blue for negative, red for positive scores; the two are equally dark.</summary>
    public static Palette BlueRed { get; } = new(new Colour(16, 86, 202), new Colour(200, 24, 32));

    /// <summary>Blue for negative, orange for positive scores, told apart with any colour vision (after Okabe and Ito 2008).</summary>
    public static Palette BlueOrange { get; } = new(new Colour(0, 114, 178), new Colour(190, 80, 0));

    /// <summary>The same scale ending at a fraction of its strength, so that dark lines and letters upon it can be read.</summary>
    internal Palette Softened(double strength) => new(this[-strength], this[strength]);

    /// <summary>The colour of a score between -1 and 1; beyond, the end's colour.</summary>
    public Colour this[double score]
    {
        get
        {
            var end = score < 0 ? Negative : Positive;
            var strength = Math.Min(Math.Abs(score), 1);
            return new Colour(Blend(end.Red), Blend(end.Green), Blend(end.Blue));

            byte Blend(byte full) => (byte)Math.Round(255 - strength * (255 - full));
        }
    }
}
