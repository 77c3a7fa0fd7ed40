using Whence;
using static Whence.Nn;

namespace Photos;

/// <summary>
/// GoogLeNet's parts in GoogLeNet's order, small enough to be trained for this sample; see README.md. It takes pixels from 0 to 255 and
/// centres them itself, so that a path from black scales pixels.
/// </summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["corners", "mixed3a", "mixed3b", "mixed4a"],
    Backends = Backends.Cpu | Backends.Gpu, Weights = "photos.safetensors")]
public sealed partial class PhotoNet
{
    private readonly Inception block3a = new(16, 24, 32, 8, 16, 16);
    private readonly Inception block3b = new(32, 32, 48, 8, 24, 24);
    private readonly Inception block4a = new(48, 32, 64, 8, 24, 24);

    [Conv2d(16, kernel: 5, Pad = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(16, kernel: 1)] private partial Tensor Reduce2(Tensor x);
    [Conv2d(48, kernel: 3, Pad = 1)] private partial Tensor Conv2(Tensor x);
    [Linear(10)] private partial Tensor Classes(Tensor x);

    public Tensor Forward([Shape(3, 48, 48)] Tensor image)
    {
        var edges = LocalResponseNorm(Halve(Relu(Conv1((image - 117) / 64))), 5, alpha: 0.1);
        var corners = Halve(LocalResponseNorm(Relu(Conv2(Relu(Reduce2(edges)))), 5, alpha: 0.1));
        var mixed3a = block3a.Forward(corners);
        var mixed3b = block3b.Forward(mixed3a);
        var mixed4a = block4a.Forward(Halve(mixed3b));
        return Softmax(Classes(Dropout(GlobalAvgPool(mixed4a), 0.2)));
    }

    private static Tensor Halve(Tensor x) => MaxPool2d(x, window: 3, stride: 2, ceil: true);
}
