namespace Whence.Networks.Tests.Golden;

/// <summary>A golden file's keys, each with its check. What has none must be in <see cref="Excused"/>.</summary>
internal sealed class Keys
{
    private readonly Dictionary<string, Action> checks = [];

    private readonly Dictionary<string, Action> everyRow = [];

    private readonly HashSet<string> longOnly = [];

    public IEnumerable<string> Names => checks.Keys;

    public void Add(string key, Action check) => checks.Add(key, check);

    /// <summary>A check that goes along paths: of a few rows each time the tests run, of every row among the long laws.</summary>
    public void AddPath(string key, int rows, int all, Action<int> check)
    {
        checks.Add(key, () => check(rows));
        if (rows < all)
            everyRow.Add(key, () => check(all));
    }

    /// <summary>A check that runs among the long laws alone.</summary>
    public void AddLong(string key, Action check)
    {
        checks.Add(key, check);
        everyRow.Add(key, check);
        longOnly.Add(key);
    }

    public void Check(string key) => checks[key]();

    public void CheckEveryRow(string key) => everyRow[key]();

    public TheoryData<string> Theory() => new(checks.Keys.Except(longOnly));

    public TheoryData<string> LongTheory() => new(everyRow.Keys);

    /// <summary>Every key of the file is checked or excused, never both, and every check and excuse is of a key that there is.</summary>
    public void RequireAll(string file, IEnumerable<string> keys)
    {
        var known = keys.ToHashSet();
        var excused = Excused.Of(file).ToHashSet();
        Assert.Empty(known.Except(checks.Keys).Except(excused));
        Assert.Empty(checks.Keys.Except(known));
        Assert.Empty(excused.Except(known));
        Assert.Empty(excused.Intersect(checks.Keys));
    }
}
