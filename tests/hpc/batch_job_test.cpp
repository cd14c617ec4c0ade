// SPDX-License-Identifier: MIT
#include <mlscribe/hpc/job_run_id.hpp>
#include <mlscribe/store/run_id.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

#include "job_environment.hpp"

namespace {

mlscribe::batch_job job_with(const test::variables& values) {
    const test::job_environment environment(values);
    return mlscribe::current_batch_job();
}

std::string id_with(const test::variables& values) {
    std::string id = mlscribe::job_run_id({}, job_with(values));
    BOOST_TEST(mlscribe::detail::is_run_id(id), id);
    return id;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hpc_batch_job)

BOOST_AUTO_TEST_CASE(outside_of_a_job) {
    const mlscribe::batch_job job = job_with({});
    BOOST_TEST(!job);
    BOOST_TEST(job.scheduler == "");
    BOOST_TEST(job.node_count == -1);
    BOOST_TEST(mlscribe::job_run_id({}, job) == "");
    BOOST_TEST(mlscribe::job_run_id("trial", job) == "");
    BOOST_TEST(mlscribe::array_run_id(job) == "");
}

BOOST_AUTO_TEST_CASE(of_slurm) {
    const mlscribe::batch_job job = job_with({{"SLURM_JOB_ID", "4243"},
                                              {"SLURM_CLUSTER_NAME", "alps"},
                                              {"SLURM_ARRAY_JOB_ID", "4242"},
                                              {"SLURM_ARRAY_TASK_ID", "7"},
                                              {"SLURM_JOB_PARTITION", "gpu"},
                                              {"SLURM_JOB_NODELIST", "node[01-04]"},
                                              {"SLURM_JOB_NUM_NODES", "4"},
                                              {"SLURM_RESTART_COUNT", "2"},
                                              {"SLURM_JOB_START_TIME", "1700000000"},
                                              {"SLURM_JOB_END_TIME", "1700003600"}});
    BOOST_TEST(static_cast<bool>(job));
    BOOST_TEST(job.scheduler == "slurm");
    BOOST_TEST(job.id == "4243");
    BOOST_TEST(job.cluster == "alps");
    BOOST_TEST(job.array_id == "4242");
    BOOST_TEST(job.array_index == "7");
    BOOST_TEST(job.partition == "gpu");
    BOOST_TEST(job.nodes == "node[01-04]");
    BOOST_TEST(job.node_count == 4);
    BOOST_TEST(job.restart_count == 2);
    BOOST_TEST(job.time_limit.count() == 3600);
    BOOST_TEST(mlscribe::array_run_id(job) == "slurm-alps-4242");
    BOOST_TEST(mlscribe::job_run_id({}, job) == "slurm-alps-4242_7");
    BOOST_TEST(mlscribe::job_run_id("trial 3", job) == "slurm-alps-4242_7-trial-3");
}

BOOST_AUTO_TEST_CASE(a_job_without_a_limit_has_none) {
    BOOST_TEST(job_with({{"SLURM_JOB_ID", "1"},
                         {"SLURM_JOB_START_TIME", "1700000000"},
                         {"SLURM_JOB_END_TIME", "1800000000"}})
                   .time_limit.count() == 0);
}

BOOST_AUTO_TEST_CASE(of_pbs) {
    const mlscribe::batch_job job = job_with({{"PBS_JOBID", "1234[5].pbs01.site.org"},
                                              {"PBS_ARRAY_INDEX", "5"},
                                              {"PBS_QUEUE", "workq"},
                                              {"PBS_NUM_NODES", "2"},
                                              {"PBS_WALLTIME", "7200"}});
    BOOST_TEST(job.scheduler == "pbs");
    BOOST_TEST(job.id == "1234[5]");
    BOOST_TEST(job.cluster == "pbs01.site.org");
    BOOST_TEST(job.array_id == "1234");
    BOOST_TEST(job.array_index == "5");
    BOOST_TEST(job.partition == "workq");
    BOOST_TEST(job.node_count == 2);
    BOOST_TEST(job.time_limit.count() == 7200);
    BOOST_TEST(mlscribe::array_run_id(job) == "pbs-pbs01-site-org-1234");
    BOOST_TEST(mlscribe::job_run_id({}, job) == "pbs-pbs01-site-org-1234_5");
    BOOST_TEST(id_with({{"PBS_JOBID", "99"}}) == "pbs-99");
    // As Torque writes it.
    BOOST_TEST(id_with({{"PBS_JOBID", "99-3.server"}, {"PBS_ARRAYID", "3"}}) == "pbs-server-99_3");
}

BOOST_AUTO_TEST_CASE(of_lsf) {
    const mlscribe::batch_job job = job_with({{"LSB_JOBID", "55"},
                                              {"LSB_JOBINDEX", "3"},
                                              {"LSB_QUEUE", "batch"},
                                              {"LSB_MCPU_HOSTS", "a 4 b 4"},
                                              {"LSB_RESTART", "Y"}});
    BOOST_TEST(job.id == "55[3]");
    BOOST_TEST(job.array_id == "55");
    BOOST_TEST(job.partition == "batch");
    BOOST_TEST(job.nodes == "a 4 b 4");
    BOOST_TEST(job.restart_count == 1);
    BOOST_TEST(mlscribe::job_run_id({}, job) == "lsf-55_3");
    BOOST_TEST(id_with({{"LSB_JOBID", "55"}, {"LSB_JOBINDEX", "0"}}) == "lsf-55");
}

BOOST_AUTO_TEST_CASE(of_flux_also_inside_of_another_schedulers_job) {
    BOOST_TEST(id_with({{"FLUX_JOB_ID",
                         "\xC6\x92"
                         "3ETxsR9H"},
                        {"SLURM_JOB_ID", "1"}}) == "flux-f3ETxsR9H");
    BOOST_TEST(job_with({{"FLUX_JOB_ID", "f1"}, {"FLUX_JOB_NNODES", "3"}}).node_count == 3);
}

BOOST_AUTO_TEST_CASE(any_text_makes_a_legal_id) {
    const std::string longest(1000, 'x');
    for (const std::string& text : {std::string("../../etc"), std::string("a b\n"), longest}) {
        id_with({{"SLURM_JOB_ID", text},
                 {"SLURM_CLUSTER_NAME", text},
                 {"SLURM_ARRAY_JOB_ID", text},
                 {"SLURM_ARRAY_TASK_ID", text}});
    }
}

BOOST_AUTO_TEST_SUITE_END()
