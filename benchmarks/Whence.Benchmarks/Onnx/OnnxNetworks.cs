namespace Whence.Benchmarks;

/// <summary>The networks once more, as ONNX graphs.</summary>
internal static class OnnxNetworks
{
    /// <summary>The output of the network of this name, as <see cref="Subject"/> has it.</summary>
    public static OnnxValue Build(string name, OnnxGraph graph) => name switch
    {
        Subject.Mnist => Mnist(graph),
        Subject.Genomics => Genomics(graph),
        Subject.Tabular => Tabular(graph),
        Subject.LanguageModel => graph.Linear(graph.LastOfLstm(graph.Input(50, 64), "lstm", 128), "head", 63),
        Subject.Inception => Inception(graph),
        Subject.Residual => Residual(graph),
        Subject.Transformer => Transformer(graph),
        _ => throw new ArgumentException($"There is no network {name}.", nameof(name)),
    };

    private static OnnxValue Mnist(OnnxGraph graph)
    {
        var x = Relu(graph, graph.Conv(graph.Input(1, 28, 28), "conv1", 32, 4, stride: 2));
        x = graph.Flatten(Relu(graph, graph.Conv(x, "conv2", 64, 4, stride: 2)));
        return graph.Linear(Relu(graph, graph.Linear(x, "fc1", 128)), "fc2", 10);
    }

    private static OnnxValue Genomics(OnnxGraph graph)
    {
        var x = Relu(graph, graph.Conv(graph.Input(4, 200), "conv1", 50, 11));
        x = graph.GlobalAverage(Relu(graph, graph.Conv(x, "conv2", 50, 11)));
        return graph.Linear(Relu(graph, graph.Linear(x, "fc1", 50)), "fc2", 3);
    }

    private static OnnxValue Tabular(OnnxGraph graph)
    {
        var x = Relu(graph, graph.BatchNorm(graph.Linear(graph.Input(30), "fc1", 64), "bn1"));
        return graph.Linear(Relu(graph, graph.BatchNorm(graph.Linear(x, "fc2", 32), "bn2")), "fc3", 2);
    }

    private static OnnxValue Inception(OnnxGraph graph)
    {
        OnnxValue Halve(OnnxValue x) => graph.MaxPool(x, 3, 2, ceil: true);
        OnnxValue Block(OnnxValue x, string name, int one, int reduce3, int three, int reduce5, int five, int pool)
        {
            OnnxValue Conv(OnnxValue from, string layer, int filters, int kernel, int pad) =>
                Relu(graph, graph.Conv(from, $"{name}.{layer}", filters, kernel, 1, pad));
            return graph.Concat(Conv(x, "one", one, 1, 0), Conv(Conv(x, "reduce3", reduce3, 1, 0), "three", three, 3, 1),
                Conv(Conv(x, "reduce5", reduce5, 1, 0), "five", five, 5, 2), Conv(graph.MaxPool(x, 3, 1, 1), "project", pool, 1, 0));
        }
        var x = Halve(Relu(graph, graph.Conv(graph.Input(3, 224, 224), "conv1", 64, 7, 2, 3)));
        x = Relu(graph, graph.Conv(x, "reduce2", 64, 1));
        x = Halve(Relu(graph, graph.Conv(x, "conv2", 192, 3, 1, 1)));
        x = Block(x, "block3a", 64, 96, 128, 16, 32, 32);
        x = Halve(Block(x, "block3b", 128, 128, 192, 32, 96, 64));
        x = Block(x, "block4a", 192, 96, 208, 16, 48, 64);
        x = Block(x, "block4b", 160, 112, 224, 24, 64, 64);
        x = Block(x, "block4c", 128, 128, 256, 24, 64, 64);
        x = Block(x, "block4d", 112, 144, 288, 32, 64, 64);
        x = Halve(Block(x, "block4e", 256, 160, 320, 32, 128, 128));
        x = Block(x, "block5a", 256, 160, 320, 32, 128, 128);
        x = Block(x, "block5b", 384, 192, 384, 48, 128, 128);
        return graph.Linear(graph.GlobalAverage(x), "classes", 1000);
    }

    private static OnnxValue Residual(OnnxGraph graph)
    {
        OnnxValue Conv(OnnxValue x, string conv, string norm, int filters, int kernel, int stride, int pad) =>
            graph.BatchNorm(graph.Conv(x, conv, filters, kernel, stride, pad, bias: false), norm);
        OnnxValue Block(OnnxValue x, string name, int channels)
        {
            var halves = x.Shape[0] != channels;
            var y = Relu(graph, Conv(x, $"{name}.conv1", $"{name}.bn1", channels, 3, halves ? 2 : 1, 1));
            y = Conv(y, $"{name}.conv2", $"{name}.bn2", channels, 3, 1, 1);
            var skip = halves ? Conv(x, $"{name}.skip", $"{name}.skip_bn", channels, 1, 2, 0) : x;
            return Relu(graph, graph.Elementwise("Add", y, skip));
        }
        var x = graph.MaxPool(Relu(graph, Conv(graph.Input(3, 224, 224), "conv1", "bn1", 64, 7, 2, 3)), 3, 2, 1);
        foreach (var (stage, channels) in new[] { (1, 64), (2, 128), (3, 256), (4, 512) })
            x = Block(Block(x, $"block{stage}a", channels), $"block{stage}b", channels);
        return graph.Linear(graph.GlobalAverage(x), "classes", 1000);
    }

    private static OnnxValue Transformer(OnnxGraph graph)
    {
        const int Tokens = 128, Heads = 12, Width = 768;
        var x = graph.Input(Tokens, Width);
        var all = graph.Permute(graph.Reshape(
            graph.Linear(x, "self_attn.in_proj_weight", "self_attn.in_proj_bias", 3 * Width), Tokens, 3, Heads, Width / Heads), 1, 2, 0, 3);
        var (q, k, v) = (graph.At(all, 0), graph.Permute(graph.At(all, 1), 0, 2, 1), graph.At(all, 2));
        var shares = graph.Softmax(graph.Scale(graph.Product(q, k), 1 / MathF.Sqrt(Width / Heads)));
        var attended = graph.Reshape(graph.Permute(graph.Product(shares, v), 1, 0, 2), Tokens, Width);
        x = graph.LayerNorm(graph.Elementwise("Add", x, graph.Linear(attended, "self_attn.out_proj", Width)), "norm1");
        var wide = graph.Elementwise("Gelu", graph.Linear(x, "linear1", 4 * Width));
        x = graph.LayerNorm(graph.Elementwise("Add", x, graph.Linear(wide, "linear2", Width)), "norm2");
        return graph.Linear(graph.At(x, 0), "head", 2);
    }

    private static OnnxValue Relu(OnnxGraph graph, OnnxValue x) => graph.Elementwise("Relu", x);
}
