using System.CommandLine;
using Photos;
using Samples;
using Whence;

// So many images are explained by the CPU too where a device explains them.
const int Compared = 4;

// Where rounding turns a ReLU, or gives a pool's window to another place, a gradient is that of a neighbouring piece; a test counts them.
const double Apart = 2e-2;

var device = Computer.Option();
var root = new RootCommand("Why an image network sees a digit: saturation, interior gradients, ablation and localisation; which pixels "
    + "make two photographs alike. Tables on the terminal, pictures in a folder.")
    .Experiment("fewer images", Path.Combine("artifacts", "photos"), (folder, isShort, words) =>
    {
        using var computer = Computer.Open(words.GetRequiredValue(device), Apart);
        var net = PhotoNet.Load(Path.Combine(AppContext.BaseDirectory, "photos.safetensors"));
        if (computer.Device is { } gpu)
            Run(net.OnGpu(gpu), folder, isShort, (ours, photo) => Compare(computer, ours, net, photo));
        else
            Run(net, folder, isShort, (_, _) => { });
        Console.WriteLine(computer.Tell());
        Alike.Run(folder, isShort);
        return 0;
    });
root.Add(device);
root.Add(OwnPicture.Command);
root.Add(Alike.Command);
return root.Run(args, error => error is GpuException);

static void Run<TNet>(TNet net, string folder, bool isShort, Action<TNet, Photo> compare)
    where TNet : IIntegratedGradientsNetwork, IDeepLiftNetwork
{
    var photos = PhotoSet.Read(AppContext.BaseDirectory);
    var wrong = photos.Where(photo => Explanations.Answer(net.Predict(photo.Pixels)) != photo.Label).ToList();
    var right = photos.Except(wrong).ToList();
    Console.WriteLine($"{right.Count} of {photos.Count} test images right");

    Complete(net, [.. right.Take(isShort ? 5 : 50)]);
    new Saturation(net, [.. right.Take(isShort ? 3 : 30)]).Run(folder);
    var windows = new Windows(net, folder);
    var one = Enumerable.Range(0, 10).Select(digit => right.First(photo => photo.Label == digit)).ToList();
    windows.Attributions(one);
    windows.Interior(one.Take(isShort ? 1 : 5));
    windows.Frames(one[7]);
    windows.Mistakes(wrong.Take(isShort ? 2 : 8));
    var comparison = new Comparison(net, folder);
    comparison.Ablation([.. right.Take(isShort ? 10 : 150)]);
    comparison.Boxes(right, isShort ? 10 : 100);
    right.Take(Compared).ToList().ForEach(photo => compare(net, photo));
    Console.WriteLine($"The pictures are in {Path.GetFullPath(folder)}.");
}

static void Compare<TNet>(Computer computer, TNet ours, PhotoNet theirs, Photo photo)
    where TNet : IIntegratedGradientsNetwork, IDeepLiftNetwork
{
    computer.Compare(Explanations.Integrated(ours, photo, photo.Label).Scores, Explanations.Integrated(theirs, photo, photo.Label).Scores);
    var target = Target.Unit(photo.Label);
    foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        computer.Compare(ours.DeepLift(photo.Pixels, target, rule).Scores, theirs.DeepLift(photo.Pixels, target, rule).Scores);
}

static void Complete<TNet>(TNet net, List<Photo> photos) where TNet : IIntegratedGradientsNetwork, IDeepLiftNetwork
{
    var integrated = photos.ConvertAll(photo =>
    {
        var why = Explanations.Integrated(net, photo, photo.Label);
        return Math.Abs(why.Gap!.Value) / Math.Abs(why.Output - why.ReferenceOutput!.Value);
    });
    double Largest(Rule rule) => photos.Max(photo => net.DeepLift(photo.Pixels, Target.Unit(photo.Label), rule).RelativeGap!.Value);
    Console.WriteLine($"Integrated gradients, 50 right steps, {photos.Count} images: off by {integrated.Average():p2} of the change of the "
        + $"score on average, {integrated.Max():p2} at most, over 5 % on {integrated.Count(gap => gap > 0.05)}");
    Console.WriteLine($"DeepLIFT from black, the same images: largest relative gap {Largest(Rule.Rescale):0.0e+0} by Rescale, "
        + $"{Largest(Rule.RevealCancel):0.0e+0} by RevealCancel");
}
