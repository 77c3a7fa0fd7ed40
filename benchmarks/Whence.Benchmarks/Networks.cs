using static Whence.Nn;

namespace Whence.Benchmarks;

/// <summary>Digits [1, 28, 28] in 10 classes: the network of DeepLIFT's MNIST experiment.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Weights = "mnist_cnn.safetensors", Backends = Measured.On)]
public sealed partial class MnistCnn
{
    [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
        Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
}

/// <summary>One-hot DNA [4, 200] and three tasks: the network of DeepLIFT's genomics experiment.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Weights = "genomics_cnn.safetensors", Backends = Measured.On)]
public sealed partial class GenomicsCnn
{
    [Conv1d(50, kernel: 11)] private partial Tensor Conv1(Tensor x);
    [Conv1d(50, kernel: 11)] private partial Tensor Conv2(Tensor x);
    [Linear(50)] private partial Tensor Fc1(Tensor x);
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(4, 200)] Tensor sequence) =>
        Fc2(Relu(Fc1(GlobalAvgPool(Relu(Conv2(Relu(Conv1(sequence))))))));
}

/// <summary>Thirty measurements of a cell and two diagnoses.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Weights = "tabular_mlp.safetensors", Backends = Measured.On)]
public sealed partial class TabularMlp
{
    [Linear(64)] private partial Tensor Fc1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Linear(32)] private partial Tensor Fc2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);
    [Linear(2)] private partial Tensor Fc3(Tensor x);

    public Tensor Forward([Shape(30)] Tensor row) =>
        Fc3(Relu(Bn2(Fc2(Relu(Bn1(Fc1(row)))))));
}
