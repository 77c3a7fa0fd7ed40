using Whence;
using static Whence.Nn;

/// <summary>Imported from an ONNX model (pytorch, opset 13): [30] to [2].</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.Rescale)]
public sealed partial class TabularMlp
{
    [Linear(64)] private partial Tensor Fc1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Linear(32)] private partial Tensor Fc2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);
    [Linear(2)] private partial Tensor Fc3(Tensor x);

    public Tensor Forward([Shape(30)] Tensor input) =>
        Fc3(Relu(Bn2(Fc2(Relu(Bn1(Fc1(input)))))));
}
