namespace Whence.Generator.Tests.Diagnostics;

/// <summary>Values in attributes that C# takes and the library does not know.</summary>
public class SettingDiagnostics
{
    /// <summary>Every property of an attribute of ours that is an enum, and every one that a layer inherits, once.</summary>
    public static TheoryData<string, string, string> Enums
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var attribute in typeof(Tensor).Assembly
                .GetExportedTypes()
                .Where(type => typeof(Attribute).IsAssignableFrom(type) && !type.IsAbstract))
            {
                foreach (var property in attribute.GetProperties().Where(property => property.PropertyType.IsEnum && property.CanWrite))
                    data.Add(attribute.Name.Replace("Attribute", "", StringComparison.Ordinal), property.Name, property.PropertyType.Name);
            }
            return data;
        }
    }

    [Fact]
    public void ThereAreSuch() => Assert.True(Enums.Count() > 20, $"{Enums.Count()} settings");

    [Theory]
    [MemberData(nameof(Enums))]
    public Task AnEnumHasItsValuesAlone(string attribute, string property, string type) => Diagnosis.Is(
        "WH211", attribute == "Network"
            ? Net($"{property} = [|({type})99999|]")
            : Layer($"{attribute}({Sizes(attribute)}{property} = [|({type})99999|])"),
        $"{property} of {(attribute == "Network" ? "Net" : "Layer")} is 99999, which is no value of {type}: ");

    [Theory]
    [InlineData("Explain = [|(Methods)(-1)|]", "WH211")]
    [InlineData("Explain = Methods.Gradient | [|(Methods)512|]", "WH211")]
    public Task AFlagThatIsNone(string argument, string id) =>
        Diagnosis.Is(id, Net(argument.Replace("Methods.Gradient | [|", "[|Methods.Gradient | ", StringComparison.Ordinal)),
            "which is no value of Methods: None, Gradient");

    [Theory]
    [InlineData("Explain = (Methods)495")]
    [InlineData("Explain = (Methods)0, MaxPool = (MaxPoolRule)1, Softmax = 0")]
    public Task NumbersOfValuesAreValues(string argument) => Diagnosis.Nothing(Net(argument));

    [Theory]
    [InlineData("Layers = [[|null|], \"h\", [|\"\"|], [|\"\\\"\\n\"|]]")]
    [InlineData("Layers = new string[] { [|null|], \"h\" }")]
    [InlineData("Layers = new[] { \"h\", [|null!|] }")]
    public Task ALayerHasAName(string layers) =>
        Diagnosis.Is("WH303", Net($"Explain = Methods.Gradient, {layers}"), "has x, h");

    private static string Net(string arguments) => $$"""
        #nullable disable warnings
        [Network({{arguments}})]
        public sealed partial class Net { public Tensor Forward([Shape(4)] Tensor x) { var h = Relu(x); return -h; } }
        """;

    // Forward need not call it: a layer that is wrong is not said to be unused.
    private static string Layer(string attribute) => $$"""
        [Network] public sealed partial class Net
        {
            [{{attribute}}] private partial {{Signature(attribute)}};
            public Tensor Forward([Shape(4, 4, 4)] Tensor x) => x;
        }
        """;

    private static string Signature(string attribute) => attribute[..attribute.IndexOf('(', StringComparison.Ordinal)] switch
    {
        "Parameter" => "Tensor Layer()",
        "GruCell" => "Tensor Layer(Tensor x, Tensor state)",
        "LstmCell" => "(Tensor State, Tensor Cell) Layer(Tensor x, Tensor state, Tensor cell)",
        _ => "Tensor Layer(Tensor x)",
    };

    /// <summary>A one for each whole number that the attribute must be given.</summary>
    private static string Sizes(string attribute)
    {
        var made = typeof(Tensor).Assembly.GetType($"Whence.{attribute}Attribute")!.GetConstructors()
            .First(made => made.GetParameters().All(size => size.ParameterType != typeof(string)));
        return string.Concat(made.GetParameters().Where(size => !size.HasDefaultValue).Select(_ => "1, "));
    }
}
