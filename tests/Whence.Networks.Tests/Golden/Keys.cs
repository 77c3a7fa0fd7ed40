namespace Whence.Networks.Tests.Golden;

/// <summary>A golden file's keys, each with its check. What has none must be in <see cref="Excused"/>.</summary>
internal sealed class Keys
{
    private readonly Dictionary<string, Action> checks = [];

    public IEnumerable<string> Names => checks.Keys;

    public void Add(string key, Action check) => checks.Add(key, check);

    public void Check(string key) => checks[key]();

    public TheoryData<string> Theory() => new(checks.Keys);

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
