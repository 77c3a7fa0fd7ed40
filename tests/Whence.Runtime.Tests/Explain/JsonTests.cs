namespace Whence.Runtime.Tests.Explaining;

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Whence.CompilerServices;
using Whence.Evaluate;

/// <summary>Results go through System.Text.Json, by reflection and by a generated context alike.</summary>
public partial class JsonTests
{
    private static readonly JsonSerializerOptions web =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly CompiledNet net = new(SmallNet<float>.Tanh());
    private readonly float[] x = Inputs.Random<float>(2);

    /// <summary>
    /// A web service makes the contract of every type that any endpoint returns when it starts: one that fails fails all.
    /// </summary>
    public static TheoryData<Type> PublicTypes => [.. Types];

    private static IEnumerable<Type> Types => typeof(Attribution).Assembly.GetExportedTypes().Where(type =>
        !type.ContainsGenericParameters && !type.IsByRefLike && !type.IsInterface && !(type is { IsAbstract: true, IsSealed: true })
        && !typeof(Delegate).IsAssignableFrom(type)
        && !typeof(Attribute).IsAssignableFrom(type)
        && !typeof(Exception).IsAssignableFrom(type)
        && !typeof(JsonConverter).IsAssignableFrom(type)
        && type.Namespace != "Whence.CompilerServices"
        && type != typeof(LayerTensors));

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void APublicTypeHasAContract(Type type) => Assert.Equal(type, web.GetTypeInfo(type).Type);

    /// <summary>Each public type that can be made of nothing, as options, which an endpoint may echo.</summary>
    public static TheoryData<Type> MadeOfNothing => [..
        Types.Where(type => !type.IsValueType && type.GetConstructor(Type.EmptyTypes) is not null
            && !type.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), false))];

    [Theory]
    [MemberData(nameof(MadeOfNothing))]
    public void WhatIsMadeOfNothingIsWrittenAndRead(Type type)
    {
        var text = JsonSerializer.Serialize(Activator.CreateInstance(type), type, web);
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, type, web), type, web));
    }

    [Fact]
    public void OptionsAreWrittenWithoutWhatIsOfOneCallAlone()
    {
        using var source = new CancellationTokenSource();
        var options = new PathOptions { Steps = 7, Cancellation = source.Token, Progress = new Progress<double>(), Points = new([0.5]) };
        var text = JsonSerializer.Serialize(options, web);
        Assert.Contains("\"steps\":7", text, StringComparison.Ordinal);
        Assert.Contains("\"alphas\":[0.5]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("progress", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(0, "0")]
    public void AFaultIsWrittenWithWhatIsNotFinite(double value, string written)
    {
        var text = JsonSerializer.Serialize(new Fault("Log(x)", [1], value) { Slope = value }, web);
        Assert.Contains($"\"value\":{written},", text, StringComparison.Ordinal);
        Assert.Contains($"\"slope\":{written}", text, StringComparison.Ordinal);
        Assert.Equal(value, JsonSerializer.Deserialize<Fault>(text, web)!.Value);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void AGapThatCannotBeIsRefused(double tolerance) => Assert.Throws<ArgumentOutOfRangeException>(
        () => net.DeepLift(x[..5], Target.Unit(1), Rule.Rescale, Inputs.Random<float>(1, 9)).RequireGap(tolerance));

    [Fact]
    public void AnAttributionIsWrittenAsToJsonWritesIt()
    {
        var why = net.DeepLift(x[..5], Target.Unit(1), Rule.RevealCancel, Inputs.Random<float>(1, 9));
        Assert.Equal(why.ToJson(), JsonSerializer.Serialize(why));
        Assert.Equal(why.ToJson(), JsonSerializer.Serialize(why, web));
        Assert.Equal(why.ToJson(), JsonSerializer.Serialize(why, Context.Default.Attribution));
        Assert.Equal($$"""{"Why":{{why.ToJson()}}}""", JsonSerializer.Serialize(new { Why = why }));
    }

    [Fact]
    public void TheExplanationsOfABatchAreAnArray()
    {
        var all = net.IntegratedGradients(x, 2, Targets.Each([Target.Unit(0), Target.Unit(2)]));
        var expected = $"[{string.Join(",", all.Select(one => one.ToJson()))}]";
        Assert.Equal(4, all.Count);
        Assert.Equal(expected, JsonSerializer.Serialize(all));
        Assert.Equal(expected, JsonSerializer.Serialize(all, Context.Default.Attributions));
    }

    [Fact]
    public void WhatBelongsToAnExplanationIsWrittenToo()
    {
        var why = net.Gradient(x[..5], Target.Difference(1, 2));
        Assert.True(double.IsNaN(why.Completeness.ReferenceOutput));
        using var json = JsonDocument.Parse(
            JsonSerializer.Serialize(new { why.Target, why.Completeness, why.Tensors, Top = why.Top(2), why.Rule }, web));
        Assert.Equal("unit 1 - unit 2", json.RootElement.GetProperty("target").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("completeness").GetProperty("referenceOutput").ValueKind);
        Assert.Equal("[2,2]", json.RootElement.GetProperty("tensors")[0].GetProperty("shape").GetRawText());
        Assert.Equal(why.Top(1)[0].Unit, json.RootElement.GetProperty("top")[0].GetProperty("unit").GetInt32());
        Assert.Equal(why.Completeness, JsonSerializer.Deserialize<Completeness>(JsonSerializer.Serialize(why.Completeness)));
    }

    [Fact]
    public void ShapesAndTensorsAreReadBack()
    {
        var tensor = new Tensor(new Shape(2, 1), [0.1, -1e300]);
        Assert.Equal("""{"shape":[2,1],"values":[0.1,-1E+300]}""", JsonSerializer.Serialize(tensor));
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(tensor), Context.Default.Tensor)!;
        Assert.Equal(tensor.Shape, read.Shape);
        Assert.Equal(tensor.Values.ToArray(), read.Values.ToArray());
        Assert.Equal(new Shape(), JsonSerializer.Deserialize<Shape>("[]"));
        Assert.Null(JsonSerializer.Deserialize<Shape>("null"));
        Assert.Equal("""{"shape":[1],"values":[null]}""", JsonSerializer.Serialize(new Tensor(new Shape(1), [double.NaN])));
        var curve = new PathCurve("a", [0, 1], [2, 3]);
        Assert.Equal(curve.Values, JsonSerializer.Deserialize<PathCurve>(JsonSerializer.Serialize(curve))!.Values);
        Assert.Equal(new Interval(1, 0, 2), JsonSerializer.Deserialize<Interval>(JsonSerializer.Serialize(new Interval(1, 0, 2))));
    }

    [Theory]
    [InlineData("""{"shape":[2],"values":[1]}""")]
    [InlineData("""{"shape":[2]}""")]
    [InlineData("""{"values":[1]}""")]
    [InlineData("""{"shape":[0],"values":[]}""")]
    [InlineData("""{"shape":[1.5],"values":[1]}""")]
    [InlineData("""{"shape":[1],"values":["1"]}""")]
    [InlineData("""{"shape":[1],"values":{}}""")]
    [InlineData("""{"shape":1,"values":[1]}""")]
    [InlineData("""{"shape":[1],"values":[1],"more":2}""")]
    [InlineData("[1]")]
    public void WhatIsNoTensorIsAJsonException(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Tensor>(json));

    [Fact]
    public void WhatWasAskedAndDrawnIsWrittenToo()
    {
        Assert.Equal("[0,-1,0]", JsonSerializer.Serialize(new FeatureGroups([0, -1, 0])));
        Assert.Equal("""{"input":"a","sizes":[2,3],"strides":[1,2]}""", JsonSerializer.Serialize(new SlidingWindow([2, 3], [1, 2], "a")));
        Assert.Equal("""{"alphas":[0.25,1],"weights":[0.5,0.5]}""", JsonSerializer.Serialize(new PathPoints([0.25, 1])));
        var picture = new Pictures.Picture(2, 1, 1, [7, 9]);
        Assert.Equal(picture.Pixels.ToArray(),
            Pictures.Png.Read(Convert.FromBase64String(JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(picture))!)).Pixels
                .ToArray());
    }

    [Fact]
    public void ARemovalCurveHasItsValues() => Assert.Equal(
        """{"groups":3,"changed":[0,1,3],"values":[[5,2.5,0],[1,null,3]]}""",
        JsonSerializer.Serialize(new RemovalCurve([[5, 2.5, 0], [1, double.NaN, 3]], [0, 1, 3], 3)));

    [Fact]
    public void AnAnswerIsNotReadBack()
    {
        var why = net.Gradient(x[..5], Target.Unit(0));
        Assert.Contains("Attribution is written as JSON but not read",
            Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<Attribution>(why.ToJson())).Message);
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<Attributions>("[]"));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<Target>("\"unit 1\""));
    }

    [JsonSerializable(typeof(Attribution))]
    [JsonSerializable(typeof(Attributions))]
    [JsonSerializable(typeof(Tensor))]
    [JsonSerializable(typeof(Completeness))]
    [JsonSerializable(typeof(Target))]
    [JsonSerializable(typeof(IReadOnlyList<TopScore>))]
    private sealed partial class Context : JsonSerializerContext;
}
