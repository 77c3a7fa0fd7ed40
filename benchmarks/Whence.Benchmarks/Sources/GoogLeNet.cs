using static Whence.Nn;

namespace Whence.Benchmarks;

/// <summary>Four towers side by side (Szegedy et al., arXiv 1409.4842, figure 2b).</summary>
[Network]
public sealed partial class Inception(int one, int reduce3, int three, int reduce5, int five, int pool)
{
    [Conv2d(nameof(one), kernel: 1)] private partial Tensor One(Tensor x);
    [Conv2d(nameof(reduce3), kernel: 1)] private partial Tensor Reduce3(Tensor x);
    [Conv2d(nameof(three), kernel: 3, Pad = 1)] private partial Tensor Three(Tensor x);
    [Conv2d(nameof(reduce5), kernel: 1)] private partial Tensor Reduce5(Tensor x);
    [Conv2d(nameof(five), kernel: 5, Pad = 2)] private partial Tensor Five(Tensor x);
    [Conv2d(nameof(pool), kernel: 1)] private partial Tensor Project(Tensor x);

    public Tensor Forward(Tensor x) => Concat(
        Relu(One(x)),
        Relu(Three(Relu(Reduce3(x)))),
        Relu(Five(Relu(Reduce5(x)))),
        Relu(Project(MaxPool2d(x, window: 3, stride: 1, pad: 1))));
}

/// <summary>GoogLeNet without its local response normalisation and its auxiliary classifiers: 57 convolutions.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Backends = Measured.On)]
public sealed partial class GoogLeNet
{
    private readonly Inception block3a = new(64, 96, 128, 16, 32, 32);
    private readonly Inception block3b = new(128, 128, 192, 32, 96, 64);
    private readonly Inception block4a = new(192, 96, 208, 16, 48, 64);
    private readonly Inception block4b = new(160, 112, 224, 24, 64, 64);
    private readonly Inception block4c = new(128, 128, 256, 24, 64, 64);
    private readonly Inception block4d = new(112, 144, 288, 32, 64, 64);
    private readonly Inception block4e = new(256, 160, 320, 32, 128, 128);
    private readonly Inception block5a = new(256, 160, 320, 32, 128, 128);
    private readonly Inception block5b = new(384, 192, 384, 48, 128, 128);

    [Conv2d(64, kernel: 7, Stride = 2, Pad = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 1)] private partial Tensor Reduce2(Tensor x);
    [Conv2d(192, kernel: 3, Pad = 1)] private partial Tensor Conv2(Tensor x);
    [Linear(1000)] private partial Tensor Classes(Tensor x);

    public Tensor Forward([Shape(3, 224, 224)] Tensor image)
    {
        var x = Halve(Relu(Conv1(image)));
        x = Halve(Relu(Conv2(Relu(Reduce2(x)))));
        x = Halve(block3b.Forward(block3a.Forward(x)));
        x = block4e.Forward(block4d.Forward(block4c.Forward(block4b.Forward(block4a.Forward(x)))));
        x = block5b.Forward(block5a.Forward(Halve(x)));
        return Classes(Dropout(GlobalAvgPool(x), 0.4));
    }

    private static Tensor Halve(Tensor x) => MaxPool2d(x, window: 3, stride: 2, ceil: true);
}
