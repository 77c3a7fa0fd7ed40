using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Whence.Import.Check;
using Whence.Pictures;
using Whence.Tool.Given;

namespace Whence.Import.Tests;

/// <summary><c>whence explain</c>: one input of every kind, every compiled method, a page and JSON.</summary>
public sealed class ExplainTests : IDisposable
{
    private static readonly Reading plain = new(0, 0, 0, 1, [], [], null);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-explain");

    public void Dispose() => folder.Delete(recursive: true);

    private static string Digits => Path.Combine(AppContext.BaseDirectory, "models", "mnist_cnn.onnx");

    private string Page => At("why.html");

    private string At(string name) => Path.Combine(folder.FullName, name);

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (Whence.Tool.Tool.Run(["explain", .. words], output, error), output.ToString(), error.ToString());
    }

    private string Saved(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    private string Saved(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    private static ImportedValue Input(string kind, params int[] axes) => new("x", kind, axes);

    private static byte[] Npy(string type, bool turned, string shape, byte[] data)
    {
        var head = $"{{'descr': '{type}', 'fortran_order': {(turned ? "True" : "False")}, 'shape': ({shape}), }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)head.Length, (byte)(head.Length >> 8), .. Encoding.ASCII.GetBytes(head), .. data];
    }

    [Fact]
    public void APictureIsExplainedByEveryMethodAsTheLibraryDoes()
    {
        var pixels = Enumerable.Range(0, 28 * 28)
            .Select(i => (byte)(i % 28 is > 10 and < 16 && i / 28 is > 4 and < 24 ? 250 : 0))
            .ToArray();
        Png.Save(new Picture(28, 28, 1, pixels), At("one.png"));
        var (code, output, error) = Run(Digits, At("one.png"), "--target", "3", "--layer", "Conv2", "--methods", "All", "--steps", "20",
            "--json", "-o", Page);
        Assert.Equal((0, ""), (code, error));

        var model = Importer.Import(Digits);
        using var compiled = CompiledModels.Compile([model]);
        var net = compiled.Load(model);
        var x = Array.ConvertAll(pixels, pixel => pixel / 255f);
        var answer = JsonDocument.Parse(output).RootElement;
        var all = answer.GetProperty("explanations").EnumerateArray().ToArray();
        Assert.Equal(["IntegratedGradients", "DeepLift", "DeepLift", "DeepLift", "GradientTimesInput", "Gradient", "GradCam",
            "GuidedBackprop", "DeconvNet", "GuidedBackpropRescale", "LrpEpsilon"],
            all.Select(one => one.GetProperty("method").GetString()));
        var expected = ((IDeepLiftNetwork)net).DeepLift(x, Target.Unit(3), Rule.Rescale);
        Assert.Equal(expected.Completeness.Sum, all[1].GetProperty("sum").GetDouble(), 1e-4);
        Assert.Equal(20, all[0].GetProperty("steps").GetInt32());
        Assert.Equal(net.Predict(x), answer.GetProperty("outputs").EnumerateArray().Select(one => one.GetSingle()));
        Assert.Equal(11, XDocument.Parse(File.ReadAllText(Page).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal))
            .Descendants("article").Count(card => card.Element("h3")!.Value != "Input"));
    }

    [Fact]
    public void ATextIsShownWordByWord()
    {
        var path = Saved("m.onnx", new ModelBuilder().Tokens("ids", 1, 6).Tensor("table", [9, 3])
            .Node("Gather", "table ids", "e").Node("ReduceSum", "e", "y", ("keepdims", 0)).Output("y").Build());
        var vocabulary = Saved("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nwhy\nthis\nword\n##s\n");
        var (code, output, error) = Run(path, "Why this words", "--vocabulary", vocabulary, "--json", "-o", Page);
        Assert.Equal((0, ""), (code, error));
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["[CLS]", "why", "this", "word", "##s", "[SEP]"],
            answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        var why = answer.GetProperty("explanations")[1];
        Assert.Equal("[MASK] for every word", why.GetProperty("reference").GetString());
        var scores = why.GetProperty("perToken").EnumerateArray().Select(score => score.GetDouble()).ToArray();
        Assert.Equal((0, 0), (scores[0], scores[^1]));
        Assert.Equal(why.GetProperty("output").GetDouble() - why.GetProperty("referenceOutput").GetDouble(), scores.Sum(), 1e-5);
        Assert.Contains("##s</span>", File.ReadAllText(Page), StringComparison.Ordinal);

        (code, _, error) = Run(path, "this", "--vocabulary", vocabulary, "-o", Page);
        Assert.Equal(1, code);
        Assert.Contains("--shape ids=1,3", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMaskCoversWhatATextLacks()
    {
        var path = Saved("m.onnx", new ModelBuilder().Tokens("ids", 1, 4).Input("present", 1, 4).Tensor("table", [9, 2])
            .Node("Gather", "table ids", "e").Node("Unsqueeze", "present", "p", ("axes", new[] { 2 })).Node("Mul", "e p", "m")
            .Node("ReduceSum", "m", "y", ("keepdims", 0)).Output("y").Build());
        var (code, output, error) = Run(path, "5 6", "present=" + Saved("p.csv", "1,1,0,0"), "--reference", "0", "--json", "-o", Page);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(2, JsonDocument.Parse(output).RootElement.GetProperty("explanations")[0].GetProperty("perToken").GetArrayLength());
    }

    [Fact]
    public void ATableHasItsColumnsNames()
    {
        var table = Saved("t.csv", "age;income;debt\n1;2;3\n4;5;-6.5\n");
        var row = Inputs.Read(table, Input("Shape", 3), plain with { Row = 1 });
        Assert.Equal([4, 5, -6.5f], row.Numbers);
        Assert.Equal(["age", "income", "debt"], row.Names);
        Assert.Equal([1, 2, 3, 4, 5, -6.5f], Inputs.Read(table, Input("Shape", 2, 3), plain).Numbers);
        Assert.Contains("it has rows 0 to 1, not 2", Refused(table, Input("Shape", 3), plain with { Row = 2 }), StringComparison.Ordinal);
        Assert.Contains("it has 3 columns in place of 4", Refused(table, Input("Shape", 4)), StringComparison.Ordinal);
        Assert.Contains("row 0, b is \"x\", no number", Refused(Saved("u.csv", "a,b\n1,x"), Input("Shape", 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void ArraysAreReadInEitherOrderAndOfAnyNumbers()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6];
        Assert.Equal([1, 2, 3, 4, 5, 6],
            Inputs.Read(Saved("a.npy", Npy("|u1", false, "1, 2, 3", bytes)), Input("Shape", 2, 3), plain).Numbers);
        Assert.Equal([1, 3, 5, 2, 4, 6], Inputs.Read(Saved("b.npy", Npy("|u1", true, "2, 3", bytes)), Input("Shape", 2, 3), plain).Numbers);
        Assert.Equal([0.5f], Inputs.Read(Saved("c.npy", Npy(">f8", false, "1,", [0x3f, 0xe0, 0, 0, 0, 0, 0, 0])), Input("Shape", 1), plain)
            .Numbers);
        Assert.Contains("its axes are [2, 3]", Refused(Saved("d.npy", Npy("|u1", false, "2, 3", bytes)), Input("Shape", 3, 2)),
            StringComparison.Ordinal);
        Assert.Contains("ends before", Refused(Saved("e.npy", Npy("<f4", false, "2, 3", bytes)), Input("Shape", 2, 3)),
            StringComparison.Ordinal);
        Assert.Contains("'|O8', not numbers", Refused(Saved("f.npy", Npy("|O8", false, "6,", bytes)), Input("Shape", 6)),
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void APictureIsCutAndScaledAndNormalised()
    {
        // A ramp across stays one, whatever its scale; above and below is as much as left and right is cut.
        var ramp = Enumerable.Range(0, 40 * 20).Select(i => (byte)(i % 40 * 6)).ToArray();
        Png.Save(new Picture(40, 20, 1, ramp), At("ramp.png"));
        var small = Inputs.Read(At("ramp.png"), Input("Shape", 3, 5, 5), plain with { Mean = [0.1], Deviation = [1, 2, 4] });
        Assert.Equal("The middle 20 x 20 of its 40 x 20 pixels, scaled to 5 x 5.", small.Note);
        Assert.Equal((19.5 * 6 / 255 - 0.1) / 2, small.Numbers[25 + 12], 1e-6);
        Assert.Equal((19.5 * 6 / 255 - 0.1) / 4, small.Numbers[50 + 2], 1e-6);
        Assert.Equal(4 * 6 / 255.0, small.Numbers[13] - small.Numbers[12], 1e-6);
        // Channels last, in the model's own range.
        var last = Inputs.Read(At("ramp.png"), Input("Shape", 20, 40, 1), plain with { Black = -1, White = 1 });
        Assert.Equal(-1 + 2 * 234 / 255.0, last.Numbers[39], 1e-6);
        Assert.Contains("takes no picture", Refused(At("ramp.png"), Input("Shape", 7)), StringComparison.Ordinal);
    }

    [Fact]
    public void SoundsAreSamples()
    {
        byte[] samples = [0, 64, 0, 192, 0, 32, 0, 0];
        byte[] Wav(int channels) =>
            [.. "RIFF"u8, 44, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, (byte)channels, 0, 4, 0, 0, 0, 8, 0, 0, 0,
                2, 0, 16, 0, .. "data"u8, 8, 0, 0, 0, .. samples];
        var mono = Inputs.Read(Saved("a.wav", Wav(1)), Input("Shape", 1, 6), plain with { Start = 0.25 });
        Assert.Equal([-0.5f, 0.25f, 0, 0, 0, 0], mono.Numbers);
        Assert.Equal("3 of its 4 samples, from 0.25 s, at 4 Hz, and 3 zeros.", mono.Note);
        Assert.Equal([0, 0.125f], Inputs.Read(Saved("b.wav", Wav(2)), Input("Shape", 2), plain).Numbers);
        Assert.Equal([0.5f, 0.25f, -0.5f, 0], Inputs.Read(At("b.wav"), Input("Shape", 2, 2), plain).Numbers);
        Assert.Contains("it ends at 1 s", Refused(At("a.wav"), Input("Shape", 6), plain with { Start = 1 }), StringComparison.Ordinal);
        Assert.Contains("no .wav file", Refused(Saved("c.wav", "RIFFWAVE"), Input("Shape", 6)), StringComparison.Ordinal);
    }

    [Fact]
    public void LettersOfDnaAreChannels()
    {
        var dna = Inputs.Read("acNt", Input("Shape", 4, 4), plain);
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], dna.Numbers);
        Assert.Contains("has 3 letters in place of 4", Refused("ACG", Input("Shape", 4, 4)), StringComparison.Ordinal);
        Assert.Contains("takes no text", Refused("why", Input("Shape", 4, 4)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no.png", "There is no file 'no.png'.")]
    [InlineData("no.jpeg", "There is no file 'no.jpeg'.")]
    public void AFileThatIsNotThereIsSaidToBeMissing(string file, string said) =>
        Assert.Equal(said, Refused(file, Input("Shape", 1, 28, 28)));

    [Fact]
    public void WhatIsAskedOfAnOutputThatIsNotThereIsRefused()
    {
        var table = Saved("t.csv", string.Join(',', Enumerable.Repeat("0.5", 784)));
        var (code, _, error) = Run(Digits, table, "--target", "10", "-o", Page);
        Assert.Equal((1, "The output is [10]: it has no unit 10."), (code, error.Trim()));
        Assert.False(File.Exists(Page));
        Assert.Contains("--steps", Run(Digits, table, "--steps", "0").Error, StringComparison.Ordinal);
        Assert.Contains("--pixels takes BLACK,WHITE, not 1.", Run(Digits, table, "--pixels", "1").Error, StringComparison.Ordinal);
    }

    private static string Refused(string word, ImportedValue input, Reading? reading = null) =>
        Assert.Throws<ImportException>(() => Inputs.Read(word, input, reading ?? plain)).Message;
}
