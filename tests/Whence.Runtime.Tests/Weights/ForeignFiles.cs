using Whence.CompilerServices;

namespace Whence.Runtime.Tests.WeightFiles;

/// <summary>Files of others, opened as if they were safetensors: the message says what they are, and what to do.</summary>
public sealed class ForeignFiles
{
    [Theory]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4, 0, 0, 8, 8 }, "zip archive, as torch.save", "safetensors.torch.save_file")]
    [InlineData(new byte[] { 0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46 }, "Python pickle", "safetensors.torch.save_file")]
    [InlineData(new byte[] { 0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10 }, "HDF5 file, as Keras", "safetensors.numpy.save_file")]
    [InlineData(new byte[] { 8, 7, 0x12, 7, 0x70, 0x79, 0x74, 0x6F }, "ONNX model", "initializers")]
    [InlineData(new byte[] { 8, 8, 0x3A, 0x90, 1, 10, 2, 3 }, "ONNX model", "initializers")]
    [InlineData(new byte[] { 0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0 }, "GGUF", "own safetensors file")]
    [InlineData(new byte[] { 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0 }, "NumPy array", "safetensors.numpy.save_file")]
    [InlineData(new byte[] { 0x76, 0x65, 0x72, 0x73, 0x69, 0x6F, 0x6E, 0x20 }, "Git LFS", "git lfs pull")]
    [InlineData(new byte[] { 0x3C, 0x21, 0x44, 0x4F, 0x43, 0x54, 0x59, 0x50 }, "HTML", "fetch it anew")]
    [InlineData(new byte[] { 0x7B, 0x22, 0x63, 0x6C, 0x61, 0x73, 0x73, 0x5F }, "JSON text", "holds no weights")]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0 }, "compressed", "unpack it")]
    [InlineData(new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4 }, "compressed", "unpack it")]
    [InlineData(new byte[] { 0x1C, 0, 0, 0, 0x54, 0x46, 0x4C, 0x33 }, "TensorFlow Lite", "safetensors.numpy.save_file")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "it is not a safetensors file or is damaged", "")]
    public void SayWhatTheyAre(byte[] begins, string what, string advice)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. begins, .. new byte[200]]);
            var refused = Assert.Throws<WeightsException>(() => Weights.Open(path));
            Assert.Contains(what, refused.Message, StringComparison.Ordinal);
            Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AnInputOfAnotherShapeIsTheInputsFault()
    {
        using var weights = Weights.Random(1);
        var scope = WeightScope.Of(weights);
        LayerBodies.Linear(scope, ["fc1"], Tensor.From(new Shape(4), 1, 2, 3, 4), 3);
        var refused = Assert.Throws<ArgumentException>(
            () => LayerBodies.Linear(scope, ["fc1"], Tensor.From(new Shape(5), 1, 2, 3, 4, 5), 3));
        Assert.Contains("The input of layer fc1 has another shape than its weights are for: 'fc1.weight' is [3, 4], but with this input it "
            + "would be [3, 5].", refused.Message, StringComparison.Ordinal);
    }
}
