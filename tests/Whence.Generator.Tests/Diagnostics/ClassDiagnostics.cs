using Microsoft.CodeAnalysis;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>What is wrong with a network's class is one error: its layers have bodies and its members are there, whatever it is.</summary>
public class ClassDiagnostics
{
    private const string Body = "{ [Linear(2)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }";
    private const string Used = "public static class Use { public static object Of(float[] x) => (Net.Load(\"net\").Predict(x), "
        + "Net.Load(\"net\").DeepLift(x, Target.Unit(0))); }";

    [Theory]
    [InlineData("WH102", "[Network(Explain = Methods.DeepLift)] public class [|Net|]", "CS0260")]
    [InlineData("WH103", "[Network(Explain = Methods.DeepLift)] public partial record [|Net|]")]
    [InlineData("WH103", "[Network(Explain = Methods.DeepLift)] public abstract partial class [|Net|]")]
    [InlineData("WH103", "[Network(Explain = Methods.DeepLift)] public partial struct [|Net|]", "CS0592")]
    [InlineData("WH120", "public partial class [|Net|]")]
    [InlineData("WH120", "public abstract partial class [|Net|]")]
    [InlineData("WH120", "public partial record [|Net|]")]
    [InlineData("WH120", "public partial struct [|Net|]")]
    [InlineData("WH120", "public class [|Net|]", "CS0260")]
    public Task IsOneError(string id, string header, params string[] compilerErrors) =>
        Diagnosis.Is(id, $"{header} {Body}\n{Used}", "", compilerErrors);

    [Theory]
    [InlineData("WH103", "[Network(Explain = Methods.DeepLift)] public partial class [|Net|]<T>")]
    [InlineData("WH120", "public partial class [|Net|]<T> where T : struct")]
    public Task AlsoOfAGenericClass(string id, string header) =>
        Diagnosis.Is(id, $"{header} {Body}\n{Used.Replace("Net.", "Net<int>.", StringComparison.Ordinal)}");

    [Theory]
    [InlineData("WH103", "[Network] public static partial class [|Net|] { [Linear(2)] private static partial Tensor Fc(Tensor x); }")]
    [InlineData("WH103", "[Network] public partial interface [|INet|] { [Linear(2)] private partial Tensor Fc(Tensor x); }", "CS0592")]
    [InlineData("WH120", "public static partial class [|Net|] { [Linear(2)] private static partial Tensor Fc(Tensor x); }")]
    public Task AlsoOfWhatCanHoldNothing(string id, string source, params string[] compilerErrors) =>
        Diagnosis.Is(id, source, "", compilerErrors);

    [Fact]
    public Task AStaticLayerIsOneError() => Diagnosis.IsIn("WH107",
        "[Linear(2)] private static partial Tensor [|Fc|](Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "must not be static");

    [Fact]
    public Task AForgottenClassInTwoPartsIsSaidOnce() => Diagnosis.Is(
        "WH120", "public partial class [|Net|] { [Linear(2)] private partial Tensor A(Tensor x); } public partial class Net { [Linear(2)] "
            + "private partial Tensor B(Tensor x); }", "put [Network]");

    [Fact]
    public void AnAttributeOnTwoPartsCostsNothingElse()
    {
        const string text = "[Network] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => x; } [Network] public "
            + "partial class Net { } [Network] public partial class Second { public Tensor Forward([Shape(4)] Tensor x) => x; }";
        var written = Generation.Run(Source.Compile(Source.Usings + text), out var networks);
        Assert.Equal(["CS0579"], written.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error).Select(one => one.Id));
        Assert.Equal(["Net", "Second"], networks.Select(network => network.Name));
    }

    [Fact]
    public Task ASequenceOfNumbersHasItsMembersToo() => Diagnosis.Is("WH201", """
        [Network(Explain = Methods.DeepLift)]
        public partial class Net { public Tensor Forward([Shape(4, 2, Variable = true)] Tensor x) => [|Slice(Sum(x, 0), 0, 3, 3)|]; }
        public static class Use
        {
            public static object Of(float[] x, Net net) => net.DeepLift(net.Embed(x), Target.Unit(0));
            public static void Fill(float[] x, Net net) { net.Predict(x, [4], x, 1); net.Embed(x, [4], x, 1); }
        }
        """);

    [Theory]
    [InlineData("public required int [|Size|] { get; init; }", "Net.Size is required of whoever makes Net")]
    [InlineData("public required string [|Title|];", "in a constructor marked [SetsRequiredMembers]")]
    public Task LoadHasNoValueForARequiredMember(string member, string says) =>
        Diagnosis.IsIn("WH212", $"{member} public Tensor Forward([Shape(4)] Tensor x) => Relu(x);", says);

    [Fact]
    public Task NorForABaseClasses() => Diagnosis.Is("WH212", """
        public class Model { public required string Title { get; init; } }
        [Network] public partial class [|Net|] : Model { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }
        """, "Model.Title is required of whoever makes Net");

    [Fact]
    public Task ABlockMayHaveThem() => Diagnosis.Nothing(
        "[Network] public partial class Block { public required string Title { get; init; } public Tensor Forward(Tensor x) => Relu(x); }");

    [Theory]
    [InlineData("public Net() { } private Net(int n) { }")]
    [InlineData("private Net() { } public Net(int n, double d) { }")]
    [InlineData("public Net(int n = 2) { }")]
    public Task AConstructorThatLoadCanCall(string constructors) => Diagnosis.Nothing(
        $"[Network] public partial class Net {{ {constructors} public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }}");

    [Theory]
    [InlineData("public Net(int n) { }")]
    [InlineData("public Net(int n = 2) { } public Net(double d = 3) { }")]
    public Task OneThatItCannot(string constructors) => Diagnosis.Is(
        "WH106", $"[Network] public partial class Net {{ {constructors} public Tensor Forward([[|Shape(4)|]] Tensor x) => Relu(x); }}",
        "has constructor parameters without which it cannot be made");

    /// <summary>No warning comes from what is written, whatever a base class has.</summary>
    [Theory]
    [InlineData("public float[] Predict(ReadOnlySpan<float> x) => [];")]
    [InlineData("public virtual float[] Predict(ReadOnlySpan<float> x) => [];")]
    [InlineData("public abstract float[] Predict(ReadOnlySpan<float> x); public abstract void PredictUnchecked(ReadOnlySpan<float> x, "
        + "Span<float> y, int count);")]
    [InlineData("public virtual double Predict(ReadOnlySpan<float> x) => 1;")]
    [InlineData("protected virtual float[] Predict(ReadOnlySpan<float> x) => [];")]
    [InlineData("public int Predict => 1; public static Root Load(string path) => null!; protected int whenceCompiled, WhenceCompiled, "
        + "whenceScope, WhenceAttach;")]
    public void ABaseClassMayHaveMembersOfTheSameNames(string members)
    {
        var written = Generation.Run(Source.Compile($"{Source.Usings} public abstract class Root {{ {members} }} [Network] public partial "
            + "class Net : Root { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }"));
        Assert.Empty(written.GetDiagnostics().Where(one => one.Severity >= DiagnosticSeverity.Warning && one.Id != "CS0169"));
    }
}
