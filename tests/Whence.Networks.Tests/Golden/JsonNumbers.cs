using System.Text.Json;
using Whence.Golden;

namespace Whence.Networks.Tests.Golden;

/// <summary>Numbers in the golden JSON files: nested arrays flattened, the last axis fastest.</summary>
internal static class JsonNumbers
{
    public static JsonElement File(string name) => JsonDocument.Parse(System.IO.File.ReadAllBytes(Npz.PathOf(name))).RootElement;

    public static double[] Numbers(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Numbers)],
        JsonValueKind.Object => [.. element.EnumerateObject().SelectMany(property => property.Value.Numbers())],
        _ => [element.GetDouble()],
    };

    public static double[] Numbers(this JsonElement element, string property) => element.GetProperty(property).Numbers();

    public static int[] Axes(this JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [element.GetArrayLength(), .. element[0].Axes()]
        : [];
}
