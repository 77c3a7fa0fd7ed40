namespace Whence.Data;

/// <summary>A column of scores: one number a row, or a list of them.</summary>
/// <param name="Name">The feature's name, or "scores".</param>
/// <param name="Length">How many numbers a row has in it.</param>
/// <param name="IsList">Whether they are written as a list, also where it is of one.</param>
public sealed record ScoreColumn(string Name, int Length, bool IsList);

/// <summary>
/// How the scores of a network's elements become columns of results: summed over a categorical column's elements, or over the letters at a
/// position of DNA; an input held fixed has none. Immutable.
/// </summary>
public sealed class ScoreLayout
{
    private static readonly string[] taken = ["row", "id", "target", "output", "gap"];

    private readonly int[] slotOf;

    internal ScoreLayout(IReadOnlyList<ScoreColumn> columns, int[] slotOf)
    {
        Columns = [.. columns.Select(column => taken.Contains(column.Name) ? column with { Name = $"{column.Name} (score)" } : column)];
        this.slotOf = slotOf;
        Width = columns.Sum(column => column.Length);
    }

    /// <summary>The columns. One that would be called as a column of results itself is, "row", has " (score)" behind its name.</summary>
    public IReadOnlyList<ScoreColumn> Columns { get; }

    /// <summary>How many numbers a row of scores has.</summary>
    public int Width { get; }

    /// <summary>
    /// Which elements of the input share a score, for methods that ask about groups: -1 of those that have none.
    /// </summary>
    public FeatureGroups Groups => new(slotOf);

    /// <summary>Of a table: a score for each of its columns.</summary>
    public static ScoreLayout Of(TableSchema schema, Signature network)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var fixedPlaces = Fixed(network);
        var slotOf = new int[schema.Width];
        var columns = new List<ScoreColumn>();
        var slot = 0;
        for (var column = 0; column < schema.Columns.Count; column++)
        {
            var places = schema.PlacesOf(column);
            var (slots, isList, slotIn) = Slots(schema.Columns[column]);
            var isFixed = fixedPlaces[places[0]];
            for (var i = 0; i < places.Count; i++)
                slotOf[places[i]] = isFixed ? -1 : slot + slotIn(i);
            if (isFixed)
                continue;
            columns.Add(new ScoreColumn(schema.Columns[column].Name, slots, isList));
            slot += columns[^1].Length;
        }
        return new ScoreLayout(columns, slotOf);
    }

    private static (int Count, bool IsList, Func<int, int> Of) Slots(Column column) => column switch
    {
        NumbersColumn => (column.Width, true, element => element),
        SequenceColumn sequence => (sequence.Slots, true, sequence.SlotOf),
        _ => (1, false, _ => 0),
    };

    /// <summary>Of inputs as they are: a list for each, called "scores" where there is one.</summary>
    public static ScoreLayout Of(Signature network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var free = network.Inputs.Where(input => !input.IsMask).ToList();
        var slotOf = new int[network.InputSize];
        var (at, slot) = (0, 0);
        foreach (var input in network.Inputs)
        {
            for (var i = 0; i < input.Shape.Size; i++)
                slotOf[at++] = input.IsMask ? -1 : slot++;
        }
        return new ScoreLayout(
            [.. free.Select(input => new ScoreColumn(free.Count == 1 ? "scores" : input.Name, input.Shape.Size, true))], slotOf);
    }

    /// <summary>Of one-hot DNA: a list with one score a position, the sum over its four letters.</summary>
    internal static ScoreLayout PerPosition(OneHotLetters letters) => new([new ScoreColumn("scores", letters.Length, true)],
        [.. Enumerable.Range(0, letters.Width).Select(letters.PositionOf)]);

    /// <summary>Sums, in double, of a row of scores [InputSize] as the columns have them, [Width].</summary>
    internal void Fold(ReadOnlySpan<float> scores, Span<double> sums, Span<float> folded)
    {
        sums.Clear();
        for (var i = 0; i < slotOf.Length; i++)
        {
            if (slotOf[i] >= 0)
                sums[slotOf[i]] += scores[i];
        }
        for (var slot = 0; slot < Width; slot++)
            folded[slot] = (float)sums[slot];
    }

    private static bool[] Fixed(Signature network) =>
        [.. network.Inputs.SelectMany(input => Enumerable.Repeat(input.IsMask, input.Shape.Size))];
}
