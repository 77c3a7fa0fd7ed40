using System.Globalization;
using System.Xml.Linq;
using Whence.Pictures;

namespace Photos;

/// <summary>Pictures in rows with words beside and above them: one SVG file that holds the pictures.</summary>
internal sealed class Sheet(int side, params string[] headings)
{
    private const int Gap = 8;
    private const int Words = 132;
    private const int LineHeight = 16;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly List<(string[] Lines, Picture?[] Pictures)> rows = [];

    /// <summary>Adds a row: the lines of text at its left and its pictures; null leaves a place empty.</summary>
    public void Add(string[] lines, params Picture?[] pictures) => rows.Add((lines, pictures));

    /// <summary>Writes the file.</summary>
    public void Save(string path)
    {
        var columns = rows.Max(row => row.Pictures.Length);
        var (width, height) = (Words + columns * (side + Gap) + Gap, 28 + rows.Count * (side + Gap));
        var svg = new XElement(Svg + "svg", new XAttribute("width", width), new XAttribute("height", height),
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 12),
            new XElement(Svg + "rect", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("fill", "white")));
        for (var column = 0; column < headings.Length; column++)
            svg.Add(Text(Left(column) + side / 2, 18, "middle", headings[column]));
        for (var row = 0; row < rows.Count; row++)
        {
            var top = 28 + row * (side + Gap);
            for (var line = 0; line < rows[row].Lines.Length; line++)
                svg.Add(Text(Gap, top + LineHeight * (line + 1), "start", rows[row].Lines[line]));
            for (var column = 0; column < rows[row].Pictures.Length; column++)
            {
                if (rows[row].Pictures[column] is { } picture)
                    svg.Add(Image(Left(column), top, picture));
            }
        }
        File.WriteAllText(path, svg.ToString(SaveOptions.None).ReplaceLineEndings("\n") + "\n");
    }

    private int Left(int column) => Words + column * (side + Gap);

    private static XElement Text(int x, int y, string anchor, string words) =>
        new(Svg + "text", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("text-anchor", anchor), words);

    private XElement Image(int x, int y, Picture picture) => new(Svg + "image", new XAttribute("x", x), new XAttribute("y", y),
        new XAttribute("width", side), new XAttribute("height", side), new XAttribute("style", "image-rendering:pixelated"),
        new XAttribute("href",
            string.Create(CultureInfo.InvariantCulture, $"data:image/png;base64,{Convert.ToBase64String(Png.Write(picture))}")));
}
