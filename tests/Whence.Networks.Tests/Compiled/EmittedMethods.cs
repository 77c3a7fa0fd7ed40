using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Methods stay short enough for the JIT to compile their loops well.</summary>
public sealed class EmittedMethods
{
    private const int MostBytes = 8 * 1024;

    [Fact]
    public void AreAtMostEightKilobytesOfIl() => AssertShort(WholeNetworks.All.Value);

    [Fact]
    public void AreAtMostEightKilobytesOfIlInANetworkOfGoogLeNetsSize() => AssertShort(InMemory.Compile(GoogLeNet()));

    // A constructor packs the weights, once, and has no loop of its own.
    private static void AssertShort(InMemory compiled)
    {
        using var image = new PEReader(new MemoryStream(compiled.Image));
        var metadata = image.GetMetadataReader();
        var seen = 0;
        foreach (var method in metadata.MethodDefinitions
            .Select(metadata.GetMethodDefinition)
            .Where(method => method.RelativeVirtualAddress != 0))
        {
            var (name, size) = (metadata.GetString(method.Name), image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!.Length);
            Assert.True(size <= MostBytes || name == ".ctor",
                $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{name} has {size} bytes of IL.");
            seen++;
        }
        Assert.True(seen > 20);
    }

    // Szegedy et al., arXiv 1409.4842, table 1.
    private static string GoogLeNet()
    {
        (string Name, int One, int Reduce3, int Three, int Reduce5, int Five, int Pool)[] blocks =
        [
            ("a3", 64, 96, 128, 16, 32, 32), ("b3", 128, 128, 192, 32, 96, 64),
            ("a4", 192, 96, 208, 16, 48, 64), ("b4", 160, 112, 224, 24, 64, 64), ("c4", 128, 128, 256, 24, 64, 64),
            ("d4", 112, 144, 288, 32, 64, 64), ("e4", 256, 160, 320, 32, 128, 128),
            ("a5", 256, 160, 320, 32, 128, 128), ("b5", 384, 192, 384, 48, 128, 128),
        ];
        var (fields, calls) = (new StringBuilder(), new StringBuilder());
        foreach (var block in blocks)
        {
            fields.AppendLine($"    private readonly Inception {block.Name} = new({block.One}, {block.Reduce3}, {block.Three}, "
                + $"{block.Reduce5}, {block.Five}, {block.Pool});");
            calls.AppendLine($"        x = {block.Name}.Forward(x);");
            if (block.Name is "b3" or "e4")
                calls.AppendLine("        x = MaxPool2d(x, 3, stride: 2, ceil: true);");
        }
        return $$"""
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
                    Relu(One(x)), Relu(Three(Relu(Reduce3(x)))), Relu(Five(Relu(Reduce5(x)))), Relu(Project(MaxPool2d(x, 3, stride: 1, pad: 1))));
            }

            [Network(Explain = Methods.Gradient | Methods.DeepLift)]
            public sealed partial class GoogLeNet
            {
                [Conv2d(64, kernel: 7, Stride = 2, Pad = 3)] private partial Tensor Conv1(Tensor x);
                [Conv2d(64, kernel: 1)] private partial Tensor Conv2(Tensor x);
                [Conv2d(192, kernel: 3, Pad = 1)] private partial Tensor Conv3(Tensor x);
            {{fields}}    [Linear(1000)] private partial Tensor Head(Tensor x);

                public Tensor Forward([Shape(3, 224, 224)] Tensor image)
                {
                    var x = MaxPool2d(Relu(Conv1(image)), 3, stride: 2, ceil: true);
                    x = MaxPool2d(Relu(Conv3(Relu(Conv2(x)))), 3, stride: 2, ceil: true);
            {{calls}}        return Head(GlobalAvgPool(x));
                }
            }

            """;
    }
}
