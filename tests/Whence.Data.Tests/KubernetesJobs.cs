using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace Whence.Data.Tests;

/// <summary>
/// The sample's jobs for Kubernetes, read strictly by the API's own types, and asked what the API asks of such jobs. No cluster runs them.
/// </summary>
public sealed class KubernetesJobs
{
    private const string Index = "$(JOB_COMPLETION_INDEX)";

    private static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cluster", name));

    private static V1Job Job(string name) => KubernetesYaml.Deserialize<V1Job>(Text(name), strict: true);

    [Theory]
    [InlineData("job.yaml")]
    [InlineData("merge.yaml")]
    public void AJobIsWhatTheSchemaSays(string name)
    {
        var job = Job(name);
        Assert.Equal(("batch/v1", "Job"), (job.ApiVersion, job.Kind));
        var pod = job.Spec.Template.Spec;
        Assert.Equal("Never", pod.RestartPolicy);
        var container = Assert.Single(pod.Containers);
        Assert.Equal(pod.Volumes.Select(volume => volume.Name), container.VolumeMounts.Select(mount => mount.Name));
        Assert.True(container.SecurityContext.RunAsNonRoot);
        var sizes = container.Resources;
        Assert.True(sizes.Requests["memory"].ToDecimal() <= sizes.Limits["memory"].ToDecimal());
        foreach (var (right, wrong) in new[] { ("restartPolicy:", "restartpolicy:"), ("kind: Job", "kind: [Job]"), ("args:", "words:") })
        {
            Assert.Contains(right, Text(name), StringComparison.Ordinal);
            Assert.ThrowsAny<YamlException>(() => KubernetesYaml.Deserialize<V1Job>(Text(name).Replace(right, wrong), strict: true));
        }
    }

    /// <summary>Each index is a shard, all shards are there, and the worker takes the words.</summary>
    [Fact]
    public void IndexesAreShards()
    {
        var job = Job("job.yaml").Spec;
        Assert.Equal("Indexed", job.CompletionMode);
        var container = job.Template.Spec.Containers[0];
        var index = Assert.Single(container.Env);
        Assert.Equal(Index, $"$({index.Name})");
        Assert.Equal("metadata.annotations['batch.kubernetes.io/job-completion-index']", index.ValueFrom.FieldRef.FieldPath);
        for (var shard = 0; shard < job.Completions; shard++)
        {
            var words = container.Args.Select(word => word.Replace(Index, $"{shard}", StringComparison.Ordinal)).ToList();
            Assert.Contains($"--shard={shard}/{job.Completions}", words);
            var command = new WorkerCommand();
            var parsed = command.Root.Parse(words);
            Assert.Empty(parsed.Errors);
            Assert.True(command.Options(parsed).Resume);
        }
        var rule = Assert.Single(job.PodFailurePolicy.Rules, rule => rule.OnExitCodes is not null);
        Assert.Equal(("FailJob", container.Name, "In"), (rule.Action, rule.OnExitCodes.ContainerName, rule.OnExitCodes.OperatorProperty));
        Assert.Equal([Worker.Refused, Worker.Damaged], rule.OnExitCodes.Values);
        Assert.NotNull(job.BackoffLimitPerIndex);
    }

    [Fact]
    public void TheMergeIsOfTheSameFolder()
    {
        var (job, merge) = (Job("job.yaml").Spec.Template.Spec, Job("merge.yaml").Spec.Template.Spec);
        Assert.Equal(job.Containers[0].Image, merge.Containers[0].Image);
        Assert.Equal("merge", merge.Containers[0].Args[0]);
        Assert.Contains(merge.Containers[0].Args[1], job.Containers[0].Args);
        Assert.Equal(job.Volumes[0].PersistentVolumeClaim.ClaimName, merge.Volumes[0].PersistentVolumeClaim.ClaimName);
    }
}
