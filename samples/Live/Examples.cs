using Credit;
using Digits;

namespace Live;

/// <summary>A measurement, and between which values it is moved.</summary>
internal sealed record Measurement(string Name, double Least, double Most, double Typical);

/// <summary>What the page may begin with.</summary>
/// <param name="Digits">A drawn digit of each kind, 0 to 9: 784 bytes in base64.</param>
/// <param name="Sentences">Beginnings of sentences.</param>
/// <param name="Measurements">Of a row.</param>
/// <param name="Rows">A malignant row and a benign one.</param>
internal sealed record Examples(byte[][] Digits, string[] Sentences, IReadOnlyList<Measurement> Measurements, double[][] Rows)
{
    public static Examples Read(string folder)
    {
        var table = Csv.Read(Path.Combine(folder, "test.csv"), labels: true);
        var population = Csv.Read(Path.Combine(folder, "population.csv"));
        var all = population.Rows.Concat(table.Rows).ToList();
        double[] First(string label) => table.Rows[table.Labels.ToList().IndexOf(label)];
        return new(
            DigitsOf(folder),
            ["let us go up to the house of the", "and it came to pass in the", "and god said let there be", "the lord is my"],
            [.. population.Columns.Select((name, i) =>
                new Measurement(name, all.Min(row => row[i]), all.Max(row => row[i]), population.Rows.Average(row => row[i])))],
            [First("malignant"), First("benign")]);
    }

    private static byte[][] DigitsOf(string folder)
    {
        var images = IdxFile.Open(Path.Combine(folder, "digits-images-idx3-ubyte.gz"));
        var labels = IdxFile.Open(Path.Combine(folder, "digits-labels-idx1-ubyte.gz"));
        return [.. Enumerable.Range(0, 10).Select(digit =>
            images[Enumerable.Range(0, labels.Count).First(i => labels[i][0] == digit)].ToArray())];
    }
}
