using System.Globalization;

namespace Embedded;

/// <summary>Rows of measurements, standardised, with their names; the first column is what was diagnosed.</summary>
internal sealed class Cells
{
    private readonly string[][] lines;

    private Cells(string[][] lines) => this.lines = lines;

    public int Count => lines.Length - 1;

    public string Name(int measurement) => lines[0][measurement + 1];

    public string Diagnosis(int row) => lines[row + 1][0];

    public float[] Measurements(int row) => Array.ConvertAll(lines[row + 1][1..], text => float.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>Reads what lies in the program itself.</summary>
    public static Cells Embedded()
    {
        using var reader = new StreamReader(typeof(Cells).Assembly.GetManifestResourceStream("cells.csv")!);
        var lines = new List<string[]>();
        while (reader.ReadLine() is { } line)
            lines.Add(line.Split(','));
        return new Cells([.. lines]);
    }
}
