namespace Whence.Generator.Plan;

/// <summary>Names that are taken. The next of many that want the same is found without trying all before it.</summary>
internal sealed class Taken(params string[] names)
{
    private readonly HashSet<string> names = [.. names];
    private readonly Dictionary<string, int> last = [];

    /// <summary>The name itself, or the first of its numbered forms from 2 on that is not taken; it is from now on.</summary>
    public string Take(string wanted, Func<string, int, string>? numbered = null)
    {
        if (names.Add(wanted))
            return wanted;
        var number = last.TryGetValue(wanted, out var known) ? known : 1;
        string name;
        do
            name = numbered is null ? $"{wanted}{++number}" : numbered(wanted, ++number);
        while (!names.Add(name));
        last[wanted] = number;
        return name;
    }
}
