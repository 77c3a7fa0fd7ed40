using Whence;
using static Whence.Nn;

namespace Photos;

/// <summary>Four towers side by side, every convolution followed by ReLU (Szegedy et al., arXiv 1409.4842, figure 2b).</summary>
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
