using System.Text.Json;
using static Whence.Nn;

namespace Whence.Trials.Tests;

[Network]
public sealed partial class ExportedFromPyTorch
{
    [Conv2d(3, kernel: 3, Pad = 1)] private partial Tensor Conv(Tensor x);
    [BatchNorm] private partial Tensor Norm(Tensor x);
    [Linear(2)] private partial Tensor Head(Tensor x);

    public Tensor Forward([Shape(2, 4, 5)] Tensor image) => Head(Flatten(Relu(Norm(Conv(image)))));
}

[Network]
public sealed partial class ExportedFromScikitLearn
{
    [Linear(7)] private partial Tensor Fc1(Tensor x);
    [Linear(6)] private partial Tensor Fc2(Tensor x);
    [Linear(3)] private partial Tensor Fc3(Tensor x);

    public Tensor Forward([Shape(5)] Tensor row) => Softmax(Fc3(Relu(Fc2(Relu(Fc1(row))))));
}

[Network]
public sealed partial class ExportedFromKeras
{
    [Conv2d(4, kernel: 3, Name = "conv2d")] private partial Tensor Conv(Tensor x);
    [BatchNorm(Epsilon = 1e-3, Name = "batch_normalization")] private partial Tensor Norm(Tensor x);
    [Linear(3, Name = "dense")] private partial Tensor Head(Tensor x);

    public Tensor Forward([Shape(2, 4, 5)] Tensor image) => Head(Flatten(Relu(Norm(Conv(image)))));
}

/// <summary>What samples/Export/export.py wrote of other frameworks' networks says what those frameworks say.</summary>
public class ExportTests
{
    private static readonly JsonElement answers = JsonDocument.Parse(File.ReadAllText(Beside("answers.json"))).RootElement;

    [Fact]
    public void FromPyTorch() => Agree(ExportedFromPyTorch.Load(Beside("pytorch.safetensors")), "pytorch");

    [Fact]
    public void FromScikitLearn() => Agree(ExportedFromScikitLearn.Load(Beside("sklearn.safetensors")), "sklearn");

    [Fact]
    public void FromKeras() => Agree(ExportedFromKeras.Load(Beside("keras.safetensors")), "keras");

    private static void Agree(INetwork net, string framework)
    {
        var (x, expected) = (Numbers(framework, "x"), Numbers(framework, "y"));
        var actual = new float[expected.Length];
        SpanExplainers.Predict(net, x, actual, x.Length / net.Signature.InputSize);
        var scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * scale));
    }

    private static float[] Numbers(string framework, string name) =>
        [.. answers.GetProperty(framework).GetProperty(name).EnumerateArray().Select(number => number.GetSingle())];

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, "export", file);
}
