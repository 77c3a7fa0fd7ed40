using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Whence.Runtime.Tests.Operators;

/// <summary>One case of tests/fixtures/operators: what PyTorch says of one operator with one setting.</summary>
internal sealed class OperatorCase
{
    private static readonly Lazy<IReadOnlyDictionary<string, OperatorCase>> all = new(() => Read());

    private readonly JsonElement json;

    private OperatorCase(JsonElement json) => this.json = json;

    public static IReadOnlyDictionary<string, OperatorCase> All => all.Value;

    public string Id => json.GetProperty("id").GetString()!;

    public string Op => json.GetProperty("op").GetString()!;

    public Tensor[] Inputs => [.. json.GetProperty("inputs").EnumerateArray().Select(Tensor)];

    public Tensor Output => Tensor(json.GetProperty("output"));

    public Tensor Cotangent => Tensor(json.GetProperty("cotangent"));

    public Tensor[] Vjp => [.. json.GetProperty("vjp").EnumerateArray().Select(Tensor)];

    public Tensor Weight(string name) => Tensor(json.GetProperty("weights").GetProperty(name));

    /// <summary>All weights, in the order in which they are written.</summary>
    public Tensor[] Weights => [.. json.GetProperty("weights").EnumerateObject().Select(weight => Tensor(weight.Value))];

    public Tensor? Bias => Optional("bias");

    public Tensor? Optional(string name) => json.GetProperty("weights").TryGetProperty(name, out var weight) ? Tensor(weight) : null;

    public int Int(string setting) => json.GetProperty("settings").GetProperty(setting).GetInt32();

    public int Int(string setting, int otherwise) =>
        json.GetProperty("settings").TryGetProperty(setting, out var value) ? value.GetInt32() : otherwise;

    public PaddingRule Padding => (PaddingRule)Int("padding", 0);

    public int[] Ints(string setting) =>
        [.. json.GetProperty("settings").GetProperty(setting).EnumerateArray().Select(axis => axis.GetInt32())];

    public bool Flag(string setting) => json.GetProperty("settings").GetProperty(setting).GetBoolean();

    public double Number(string setting, double otherwise) =>
        json.GetProperty("settings").TryGetProperty(setting, out var value) ? value.GetDouble() : otherwise;

    private static Tensor Tensor(JsonElement json) => new(
        new Shape([.. json.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32())]),
        json.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).ToArray());

    private static Dictionary<string, OperatorCase> Read([CallerFilePath] string here = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "fixtures", "operators");
        return Directory.GetFiles(folder, "*.json").Order().SelectMany(Cases).ToDictionary(operation => operation.Id);
    }

    private static List<OperatorCase> Cases(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(json => new OperatorCase(json.Clone()))];
    }
}
