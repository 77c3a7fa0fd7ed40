using Whence.Golden;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Zoo;

/// <summary>The trained networks of the golden files.</summary>
internal static class Trained
{
    public static ZooNetwork MnistCnn(bool softmax = false)
    {
        var s = new Sketch();
        var x = s.Input("image", 1, 28, 28);
        var relu1 = s.Relu(s.Conv2d("Conv1", x, 32, 4, ("stride", 2)));
        var relu2 = s.Relu(s.Conv2d("Conv2", relu1, 64, 4, ("stride", 2)));
        var relu3 = s.Relu(s.Linear("Fc1", s.Call("Flatten", relu2), 128)).As("relu3");
        var y = s.Linear("Fc2", relu3, 10);
        return new("mnist_cnn", s.Return(softmax ? s.Call("Softmax", y) : y), Weights("mnist_cnn"), "Conv2", "relu3");
    }

    public static ZooNetwork GenomicsCnn(bool sigmoid = false)
    {
        var s = new Sketch();
        var x = s.Input("dna", 4, 200);
        var relu1 = s.Relu(s.Conv1d("Conv1", x, 50, 11)).As("relu1");
        var relu2 = s.Relu(s.Conv1d("Conv2", relu1, 50, 11)).As("relu2");
        var relu3 = s.Relu(s.Linear("Fc1", s.Call("GlobalAvgPool", relu2), 50)).As("relu3");
        var y = s.Linear("Fc2", relu3, 3);
        return new("genomics_cnn", s.Return(sigmoid ? s.Apply<Ops.Sigmoid>(y) : y), Weights("genomics_cnn"), "relu1", "relu2", "relu3");
    }

    public static ZooNetwork TabularMlp()
    {
        var s = new Sketch();
        var x = s.Input("row", 30);
        var bn1 = s.Layer("BatchNorm", "Bn1", s.Linear("Fc1", x, 64), Generator.Graphs.Settings.None);
        var relu1 = s.Relu(bn1).As("relu1");
        var bn2 = s.Layer("BatchNorm", "Bn2", s.Linear("Fc2", relu1, 32), Generator.Graphs.Settings.None);
        var relu2 = s.Relu(bn2).As("relu2");
        return new("tabular_mlp", s.Return(s.Linear("Fc3", relu2, 2)), Weights("tabular_mlp"), "Bn1", "relu1", "relu2");
    }

    /// <summary>The character model, from its embedded text.</summary>
    public static ZooNetwork LstmLm()
    {
        var s = new Sketch();
        var states = s.Layer("Lstm", "Lstm", s.Input("text", 50, 64), Generator.Graphs.Settings.Of(("hidden", 128)));
        return new("lstm_lm", s.Return(s.Linear("Head", s.Call("Last", states), 63)), Weights("lstm_lm"), "Lstm");
    }

    private static Tensors Weights(string name) => TensorsFrom.Weights(Whence.Weights.Open(Npz.PathOf($"weights/{name}.safetensors")));
}
