using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Whence.Pictures;

/// <summary>A sheet of SVG in pixels from the left and the top. The only place that writes SVG and formats its numbers.</summary>
internal sealed class Canvas
{
    public const double LineHeight = 16;

    private const double MostPixels = 1 << 16;
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    private readonly XElement root;

    public Canvas(double width, double height, string title)
    {
        if (!(width is > 0 and <= MostPixels && height is > 0 and <= MostPixels))
            throw new ArgumentException($"A drawing is more than 0 and at most {MostPixels} pixels wide and high, but would be "
                + $"{Number(width)} x {Number(height)}.", nameof(width));
        (Width, Height) = (width, height);
        root = new XElement(svg + "svg",
            new XAttribute("width", Number(width)), new XAttribute("height", Number(height)),
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            new XAttribute("font-family", "Helvetica, Arial, sans-serif"), new XAttribute("font-size", "12"),
            new XAttribute("fill", Ink.Text),
            title.Length > 0 ? new XElement(svg + "title", Clean(title)) : null,
            Element("rect", ("width", Number(width)), ("height", Number(height)), ("fill", "#ffffff")));
    }

    public double Width { get; }

    public double Height { get; }

    /// <summary>The sheet as an element of a page.</summary>
    public XElement Root => root;

    public override string ToString() => root.ToString(SaveOptions.DisableFormatting) + "\n";

    /// <summary>A rectangle; a hint is what is shown where it is pointed at.</summary>
    public void Rect(double x, double y, double width, double height, string fill, string? stroke = null, double opacity = 1,
        double rounded = 0, string? hint = null) =>
        Add(hint, "rect", ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("fill", fill),
            ("stroke", stroke), ("fill-opacity", Part(opacity)), ("rx", rounded > 0 ? Number(rounded) : null));

    public void Line(double x1, double y1, double x2, double y2, string stroke, double width = 1, string? dash = null,
        bool rounded = false) =>
        Add("line", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("stroke", stroke),
            ("stroke-width", Number(width)), ("stroke-dasharray", dash), ("stroke-linecap", rounded ? "round" : null));

    public void Circle(double x, double y, double radius, string fill, double opacity = 1, string? stroke = null, string? hint = null) =>
        Add(hint, "circle", ("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)), ("fill", fill), ("fill-opacity", Part(opacity)),
            ("stroke", stroke));

    public void Polyline(IEnumerable<(double X, double Y)> points, string stroke, double width, string? dash = null) =>
        Add("polyline", ("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))), ("fill", "none"),
            ("stroke", stroke), ("stroke-width", Number(width)), ("stroke-dasharray", dash), ("stroke-linejoin", "round"));

    public void Polygon(IEnumerable<(double X, double Y)> points, string fill, double opacity = 1, string? hint = null) =>
        Add(hint, "polygon", ("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))), ("fill", fill),
            ("fill-opacity", Part(opacity)));

    public void Curve(string path, string stroke, double width, string? dash = null) =>
        Add("path", ("d", path), ("fill", "none"), ("stroke", stroke), ("stroke-width", Number(width)), ("stroke-dasharray", dash),
            ("stroke-linecap", "round"));

    /// <summary>
    /// A shape given in a square of side 1, stretched over the rectangle whose first corner is (x, y); a negative height turns it upside
    /// down.
    /// </summary>
    public void Shape(string path, double x, double y, double width, double height, string fill) =>
        Add("path", ("d", path), ("transform", $"translate({Number(x)} {Number(y)}) scale({Fine(width)} {Fine(height)})"), ("fill", fill));

    /// <summary>Text whose middle line is at y; anchor is start, middle or end.</summary>
    public void Text(double x, double y, string text, string anchor = "start", double size = 12, bool bold = false, string? fill = null,
        bool upwards = false)
    {
        if (text.Length == 0)
            return;
        // A third of the size below the middle is where capitals and digits stand; "dominant-baseline" is not known to all that draw SVG.
        var (left, below) = upwards ? (x + 0.35 * size, y) : (x, y + 0.35 * size);
        var element = Element("text", ("x", Number(left)), ("y", Number(below)), ("text-anchor", anchor == "start" ? null : anchor),
            ("font-size", size == 12 ? null : Number(size)), ("font-weight", bold ? "bold" : null), ("fill", fill),
            ("transform", upwards ? $"rotate(-90 {Number(left)} {Number(below)})" : null));
        element.Add(Clean(text));
        root.Add(element);
    }

    /// <summary>Another sheet laid upon this one.</summary>
    public void Lay(Canvas other, double x, double y)
    {
        other.root.SetAttributeValue("x", Number(x));
        other.root.SetAttributeValue("y", Number(y));
        root.Add(other.root);
    }

    /// <summary>About how wide a text is; no font is asked, and a wide one is allowed for.</summary>
    public static double WidthOf(string text, double size = 12)
    {
        var width = 0.0;
        foreach (var rune in text.EnumerateRunes())
            width += rune.Value > 0x2E7F ? 1 : "mwMW@%".Contains((char)rune.Value)
                ? 0.92
                : Rune.IsUpper(rune) ? 0.72 : "ijlftr.,:;'|!()[] ".Contains((char)rune.Value) ? 0.35 : 0.58;
        return width * size;
    }

    /// <summary>A number as SVG takes it: hundredths of a pixel are enough.</summary>
    public static string Number(double value) =>
        value.ToString("0.##", CultureInfo.InvariantCulture) is var text && text == "-0" ? "0" : text;

    /// <summary>A factor that shapes of side 1 are stretched by.</summary>
    private static string Fine(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string? Part(double opacity) => opacity < 1 ? Number(opacity) : null;

    private void Add(string name, params ReadOnlySpan<(string Name, string? Value)> attributes) => root.Add(Element(name, attributes));

    private void Add(string? hint, string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        var element = Element(name, attributes);
        if (hint is not null)
            element.Add(new XElement(svg + "title", Clean(hint)));
        root.Add(element);
    }

    private static XElement Element(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        var element = new XElement(svg + name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
                element.Add(new XAttribute(attribute, value));
        }
        return element;
    }

    /// <summary>
    /// The text without what XML cannot hold: control characters and halves of surrogate pairs become the replacement character.
    /// </summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(Rune.IsControl(rune) && rune.Value is not ('\t' or '\n') || rune.Value is 0xFFFE or 0xFFFF
                ? Rune.ReplacementChar.ToString()
                : rune.ToString());
        return clean.ToString();
    }
}
