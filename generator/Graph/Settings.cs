using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>What an operator is set to: numbers by parameter name. Booleans are 0 and 1; lists are several numbers.</summary>
internal readonly record struct Settings(EquatableArray<Setting> Items)
{
    public static readonly Settings None = new(EquatableArray.Of<Setting>());

    public static Settings Of(params (string Name, double Value)[] items) =>
        new(items.Select(item => new Setting(item.Name, EquatableArray.Of(item.Value))).ToEquatable());

    public static Settings Of(string name, IEnumerable<int> values) =>
        new(EquatableArray.Of(new Setting(name, values.Select(value => (double)value).ToEquatable())));

    public bool Has(string name) => Items.Any(item => item.Name == name);

    /// <summary>A number, or <paramref name="otherwise"/> if it was not set.</summary>
    public double Number(string name, double otherwise = 0)
    {
        foreach (var item in Items)
        {
            if (item.Name == name)
                return item.Values[0];
        }
        return otherwise;
    }

    public int Int(string name, int otherwise = 0) => (int)Number(name, otherwise);

    public bool Flag(string name, bool otherwise = false) => Number(name, otherwise ? 1 : 0) != 0;

    public double[] Numbers(string name) =>
        Items.Where(item => item.Name == name).SelectMany(item => item.Values).ToArray();

    public int[] Ints(string name) => Numbers(name).Select(value => (int)value).ToArray();

    public Settings With(string name, params double[] values) =>
        new(Items.Where(item => item.Name != name).Append(new Setting(name, values.ToEquatable())).ToEquatable());

    public Settings Without(string name) => new(Items.Where(item => item.Name != name).ToEquatable());

    public override string ToString() => string.Join(", ", Items.Select(item => $"{item.Name}: {item}"));
}

/// <summary>One named setting.</summary>
internal sealed record Setting(string Name, EquatableArray<double> Values)
{
    public override string ToString()
    {
        var numbers = Values.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return numbers.Length == 1 ? numbers[0] : $"({string.Join(", ", numbers)})";
    }
}
