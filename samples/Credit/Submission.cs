using System.Text.Json;

namespace Credit;

/// <summary>A row as it was sent: <c>{"measurements": {"mean radius": 17.99, ...}}</c>, every measurement by its name.</summary>
internal static class Submission
{
    /// <summary>The row in the network's order; or null and what is wrong with it.</summary>
    public static double[]? Read(JsonElement body, IReadOnlyList<string> measurements, out string? wrong)
    {
        if (body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("measurements", out var sent)
            || sent.ValueKind != JsonValueKind.Object)
        {
            wrong = "The body must be an object with one object in it, \"measurements\", that gives each measurement by its name.";
            return null;
        }
        var row = new double[measurements.Count];
        var missing = measurements.ToHashSet();
        foreach (var property in sent.EnumerateObject())
        {
            wrong = Place(property, measurements, missing, row);
            if (wrong is not null)
                return null;
        }
        wrong = missing.Count == 0 ? null : $"Missing: {string.Join(", ", measurements.Where(missing.Contains))}.";
        return wrong is null ? row : null;
    }

    private static string? Place(JsonProperty property, IReadOnlyList<string> measurements, HashSet<string> missing, double[] row)
    {
        var name = property.Name;
        if (!measurements.Contains(name))
            return $"There is no measurement \"{name}\"; GET /measurements lists them.";
        if (!missing.Remove(name))
            return $"\"{name}\" is given twice.";
        if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetDouble(out var value))
            return $"\"{name}\" must be a number, but is {property.Value.GetRawText()}.";
        if (value is < 0 or > 1e5)
            return $"\"{name}\" is a size or a ratio and lies between 0 and 100000, but is {property.Value.GetRawText()}.";
        for (var i = 0; i < row.Length; i++)
        {
            if (measurements[i] == name)
                row[i] = value;
        }
        return null;
    }
}
