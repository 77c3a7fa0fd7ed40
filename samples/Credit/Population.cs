namespace Credit;

/// <summary>The rows that others are compared with. Immutable.</summary>
internal sealed class Population
{
    private Population(Csv rows)
    {
        Measurements = rows.Columns;
        Typical = [.. Enumerable.Range(0, Measurements.Count).Select(i => rows.Rows.Average(row => row[i]))];
        Count = rows.Rows.Count;
        Rows = [.. rows.Rows.SelectMany(Assessor.Row)];
    }

    /// <summary>The names of the measurements, in the order of a row.</summary>
    public IReadOnlyList<string> Measurements { get; }

    /// <summary>The mean of each measurement.</summary>
    public IReadOnlyList<double> Typical { get; }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>The rows, [Count, Measurements].</summary>
    public float[] Rows { get; }

    /// <summary>Reads population.csv; <see cref="RequireFor"/> looks at its columns.</summary>
    public static Population Read(string folder) => new(Csv.Read(Path.Combine(folder, "population.csv")));

    /// <summary>Refuses a network that takes other measurements, or in another order.</summary>
    /// <exception cref="InvalidDataException">It does.</exception>
    public void RequireFor(TumourNet network)
    {
        var taken = network.Signature.Inputs[0].Features;
        if (!taken.SequenceEqual(Measurements))
            throw new InvalidDataException($"The network takes {string.Join(", ", taken)}, but the population has the columns "
                + $"{string.Join(", ", Measurements)}.");
    }
}
