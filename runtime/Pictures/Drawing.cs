namespace Whence.Pictures;

/// <summary>A drawing of lines and shapes: one SVG file without scripts, links or fonts of its own, the same on every machine.</summary>
public abstract record Drawing
{
    /// <summary>What the drawing shows; written above it unless empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>The drawing as the text of an SVG file.</summary>
    /// <exception cref="ArgumentException">What is to be drawn does not fit together or is not finite.</exception>
    public string ToSvg() => Draw().ToString();

    /// <summary>Writes an SVG file.</summary>
    /// <exception cref="ArgumentException">What is to be drawn does not fit together or is not finite.</exception>
    public void Save(string path) => File.WriteAllText(path, ToSvg());

    internal abstract Canvas Draw();
}
